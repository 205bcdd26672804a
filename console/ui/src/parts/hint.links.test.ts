import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { linked, sentence } from './hint'
import { places } from './places'

const root = new URL('../../../../', import.meta.url)
const folders = ['access', 'actions', 'api', 'authoring', 'backup', 'connect', 'crates', 'doctor', 'engine', 'expr']
folders.push('orgs', 'project', 'schedule', 'schema', 'server', 'source', 'store', 'triggers')

/** The Go sources of the server. */
function sources(folder: string): string[] {
  const files = readdirSync(new URL(`${folder}/`, root), { recursive: true, encoding: 'utf8' })
  return files
    .filter(file => file.endsWith('.go') && !file.endsWith('_test.go'))
    .map(file => readFileSync(new URL(`${folder}/${file}`, root), 'utf8'))
}

/** The hints in them that name commands; what is put in stands as X. */
const hints = folders
  .flatMap(sources)
  .flatMap(text => text.split('\n'))
  .filter(line => !line.trimStart().startsWith('//'))
  .flatMap(line => line.match(/"(?:[^"\\]|\\.)*"/g) ?? [])
  .map(text => text.slice(1, -1).replaceAll('\\"', '"'))
  .map(text => text.replaceAll(/%(\[\d+\])?[sqd]/g, 'X'))
  .filter(text => /gantry [a-z]/.test(text))

describe('the pages that a hint names can be opened', () => {
  const links = (hint: string) => linked(hint).flatMap(({ text, to }) => (to ? [[text, to]] : []))

  test.each([
    ['`gantry orgs list` shows those there are', 'The page Organisations', '/organisations'],
    ['enable it with `gantry orgs enable northwind`', 'the page Organisations', '/organisations/northwind'],
    [
      'restore the parent first: gantry orgs restore northwind',
      'the page Organisations',
      '/organisations?show=removed',
    ],
    ['add your MSP first: gantry orgs add my-msp --name "My MSP"', 'the page Organisations', '/organisations'],
    [
      '`gantry vars set key --secret --org northwind` sets it',
      "The organisation's page",
      '/organisations/northwind?tab=variables',
    ],
    ['add one with `gantry integrations add halo --org northwind`', 'the page Integrations', '/integrations/halo'],
    [
      'look with `gantry integrations list --org northwind`',
      'the page Integrations',
      '/organisations/northwind?tab=integrations',
    ],
    ['`gantry mappings set halo ID --org northwind` maps it', 'The mapping page', '/integrations/halo/mapping'],
    [
      '`gantry mappings list --org northwind` shows its mappings',
      'The mapping page',
      '/organisations/northwind?tab=mappings',
    ],
    ['`gantry actions show halo.get_ticket` lists its inputs', 'The page Actions', '/actions/halo.get_ticket'],
    ['`gantry runs list --status paused` has them', 'The page Runs', '/runs?status=paused'],
    ['`gantry runs resume 1a2b3c4d` takes it up', "The run's page", '/runs/1a2b3c4d'],
    ['`gantry asks list --run 1a2b3c4d` shows what does', 'The page Waiting for you', '/waiting'],
    [
      'switch it on first: gantry triggers enable triage/new "new ticket"',
      'the page Triggers',
      '/triggers/triage/new?trigger=new%20ticket',
    ],
    ['`gantry workflows versions triage/new` shows them', 'The page Workflows', '/workflows/triage/new?view=versions'],
    ['gantry orgs list shows them, such as northwind', 'The page Organisations', '/organisations'],
    ['`gantry users list` shows those there are', 'The page Users and roles', '/users'],
    ['make a new one: `gantry tokens add`, or in the profile', 'the page of your profile', '/me?tab=tokens'],
  ])('%s', (hint, text, to) => expect(links(hint)).toEqual([[text, to]]))

  test('each of them, and those of which nothing is said are only named', () => {
    expect(links('`gantry runs resume 1a` lets it go on, `gantry runs cancel 1a` ends it')).toEqual([
      ["The run's page", '/runs/1a'],
      ["the run's page", '/runs/1a'],
    ])
    expect(links('look in the other system, then say what you found: `gantry runs resolve`')).toEqual([])
    expect(links('`gantry doctor` looks for damage')).toEqual([])
  })

  test('and the sentence is the same', () => {
    for (const hint of hints)
      expect(
        linked(hint)
          .map(p => p.text)
          .join(''),
      ).toBe(sentence(hint))
  })
})

// What is done on the machine that Gantry runs on alone.
const onTheServer = ['backup', 'check', 'doctor', 'init', 'keys', 'restore', 'runs prune', 'serve', 'users add']

describe('of the commands that there are', () => {
  const handbook = readFileSync(new URL('docs/reference/commands.md', root), 'utf8')
  const commands = [...handbook.matchAll(/^##+ gantry (.+)$/gm)].map(([, name]) => name ?? '')

  test('each that a hint names has a page, or is for the server', () => {
    const named = hints.flatMap(hint =>
      [...hint.matchAll(/`gantry ([a-z][^`]*)`/g)].map(([, command]) => command ?? ''),
    )
    expect(named.length).toBeGreaterThan(60)
    const placeless = named.filter(command => !places.some(p => p.begins.test(command)))
    expect(placeless.filter(command => !onTheServer.some(own => command.startsWith(own)))).toEqual([])
  })

  test('none that has a page is unknown', () => {
    for (const { begins } of places) expect(commands.filter(c => begins.test(`${c} --deleted`))).not.toEqual([])
    expect(commands).toEqual(expect.arrayContaining(onTheServer))
  })

  test('their pages are there', () => {
    const routes = readFileSync(new URL('../app/routes.tsx', import.meta.url), 'utf8')
    const paths = [...routes.matchAll(/path: '([^']+)'/g)].map(([, path]) => path ?? '').filter(p => p !== '*')
    const known = paths.map(p => new RegExp(`^/?${p.replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`))
    const given = { verb: 'show', of: ['a', 'b'], flag: () => 'c' }
    const bare = { of: [], flag: () => undefined }
    for (const { at } of places)
      for (const command of [given, bare]) {
        const path = at(command)?.replace(/\?.*/, '')
        if (path !== undefined)
          expect(
            known.some(k => k.test(path)),
            path,
          ).toBe(true)
      }
  })
})
