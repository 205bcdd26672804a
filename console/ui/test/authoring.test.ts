import { rmSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addUser, author, folder, secret } from './author'
import { type House, openHouse } from './house'
import { barriers, openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// Changing a workflow beside others, who change it too: in the console, or in its file.

const saying = (word: string) => `# ${word}
title: Say ${word}
tasks:
  say:
    action: core.set
    with: {values: {word: ${word}}}
`

const project: Record<string, string> = {
  'workflows/plain.yaml': saying('one'),
  'workflows/windows.yaml': saying('one').replaceAll('\n', '\r\n'),
  'workflows/shared.yaml': saying('one'),
  'workflows/history.yaml': saying('0'),
  'workflows/called.yaml': saying('called'),
  'workflows/alarm.yaml': saying('alarm'),
  'workflows/calls.yaml': 'title: Calls\ntasks:\n  call: {workflow: called}\non_failure: {workflow: alarm}\n',
  'workflows/lonely.yaml': saying('lonely'),
}

let house: House
let browser: Browser
const visitors: Visitor[] = []
let ada: ReturnType<typeof author>
let ben: ReturnType<typeof author>
let files: ReturnType<typeof folder>

beforeAll(async () => {
  house = await openHouse(project)
  files = folder(house)
  browser = await openBrowser()
  const [first, second] = [await visit(browser, house.url), await visit(browser, house.url)]
  visitors.push(first, second)
  await setUp(first.page, house.setUp)
  await addUser(first, 'ben', 'author')
  await signIn(second.page, 'ben', secret)
  ada = author(first)
  ben = author(second)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  for (const { complaints } of visitors) expect(complaints.splice(0), 'what the browser complained of').toEqual([])
})

describe.sequential('the file changes underneath', () => {
  test('who has written nothing sees the new text', async () => {
    await ada.open('plain')
    files.write('plain', saying('two'))
    await ada.page.getByRole('heading', { level: 1, name: 'Say two' }).waitFor()
    await ada.editor().getByText('# two').waitFor()
    expect(await ada.page.getByText('meanwhile').count()).toBe(0)
  })

  test('who has written something is told at once, and shown both', async () => {
    await ada.write('# mine\n')
    files.write('plain', saying('three'))
    await ada.notice('The file changed meanwhile.').waitFor()
    await ada.page.getByText('Somebody outside of Gantry changed it').waitFor()
    await ada.button('See the difference').click()
    await ada.compares('Theirs', '# three')
    await ada.compares('Yours', '# mine')
    expect(await barriers(ada.page)).toEqual([])
  })

  test('they keep theirs, and what they write over stays among the versions', async () => {
    await ada.button('Keep mine').last().click()
    await ada.dialogue().waitFor({ state: 'hidden' })
    await ada.notice('The file changed meanwhile.').waitFor({ state: 'hidden' })
    await ada.publish('Mine, after all')
    expect(files.read('plain')).toBe(`${saying('two')}# mine\n`)
    const said = (await ada.versionsOf('plain')).map(v => `${v.kind} ${v.comment}`.trim())
    expect(said).toEqual(['published Mine, after all', 'file', 'file', 'file'])
  })

  test('or they take the text of the file', async () => {
    await ada.write('# again\n')
    files.write('plain', saying('four'))
    await ada.notice('The file changed meanwhile.').waitFor()
    await ada.button("Take the file's text").click()
    await ada.editor().getByText('# four').waitFor()
    await ada.page.getByText('as the file has it').waitFor()
    expect(await ada.button('Publish …').isDisabled()).toBe(true)
  })

  test('a draft that lies there is told of when it is opened', async () => {
    await ada.write('# kept\n')
    await ada.saveDraft()
    files.write('plain', saying('five'))
    await ada.notice('The file changed meanwhile.').waitFor()
    await ada.page.goto('/workflows/plain')
    await ada.notice('The file changed meanwhile.').waitFor()
    await ada.button('Keep mine').click()
    await ada.unsaved().waitFor()
    await ada.saveDraft()
    await ada.page.reload()
    await ada.page.getByText('draft saved by ada@example.com').waitFor()
    expect(await ada.page.getByText('meanwhile').count()).toBe(0)
  })

  test('with the text of the file in its place the draft is one no more', async () => {
    files.write('plain', saying('six'))
    await ada.notice('The file changed meanwhile.').waitFor()
    await ada.button("Take the file's text").click()
    await ada.saveDraft()
    await ada.page.getByText('as the file has it').waitFor()
    expect(await ada.draftOf('plain')).toBeNull()
  })

  test('a file that was removed is written anew, or is no more', async () => {
    await ada.write('# saved\n')
    rmSync(files.path('plain'))
    await ada.notice('The file was removed meanwhile.').waitFor()
    await ada.button('Keep mine').click()
    await ada.publish('It is needed')
    expect(files.read('plain')).toBe(`${saying('six')}# saved\n`)
    rmSync(files.path('plain'))
    await ada.page.getByRole('heading', { name: 'This workflow was removed' }).waitFor()
  })

  test('line ends stay as the file has them', async () => {
    await ada.open('windows')
    await ada.write('# more\n')
    await ada.publish('On Windows')
    expect(files.read('windows')).toBe(`${saying('one')}# more\n`.replaceAll('\n', '\r\n'))
  })
})

describe.sequential('somebody does not hear of it in time', () => {
  test('publishing over what they never saw is refused, and says what to do', async () => {
    await ada.page.route('**/api/v1/changes', route => route.abort())
    await ada.open('windows')
    await ada.write('# late\n')
    files.write('windows', saying('theirs'))
    await expect.poll(async () => (await ada.versionsOf('windows'))[0]?.kind).toBe('file')
    await ada.button('Publish …').click()
    await ada.button('Publish').click()
    await ada.dialogue().getByText('The file has changed since you began.').waitFor()
    await ada.dialogue().getByText('Publishing over it replaces that change; it stays among the versions.').waitFor()
    expect(files.read('windows')).toBe(saying('theirs'))
    await ada.compares('The file', '# theirs')
  })

  test('they publish over it', async () => {
    await ada.button('Publish over it').click()
    await ada.dialogue().waitFor({ state: 'hidden' })
    expect(files.read('windows')).toContain('# late')
    await ada.page.unroute('**/api/v1/changes')
  })
})

describe.sequential('two write the same draft', () => {
  test('who has written nothing sees what the other saves', async () => {
    await ada.open('shared')
    await ben.open('shared')
    await ada.write('# ada\n')
    await ada.saveDraft()
    await ben.editor().getByText('# ada').waitFor()
    await ben.page.getByText('draft saved by ada@example.com').waitFor()
  })

  test('who has, is told, and sees both', async () => {
    await ben.write('# ben\n')
    await ada.write('# ada again\n')
    await ada.saveDraft()
    await ben.notice('ada@example.com saved a draft meanwhile.').waitFor()
    await ben.button('See the difference').click()
    await ben.compares('Theirs', '# ada again')
    await ben.page.keyboard.press('Escape')
  })

  test('saving over it needs a word', async () => {
    const refused = ben.page.waitForResponse(r => r.request().method() === 'PUT')
    await ben.button('Save as draft').click()
    expect((await refused).status()).toBe(409)
    expect(await ada.draftOf('shared')).toMatchObject({ by: 'ada@example.com' })
    await ben.notice('ada@example.com saved a draft meanwhile.').waitFor()
    expect(await ben.page.getByRole('alert').count()).toBe(0)
    await ben.button('Keep mine').click()
    await ben.saveDraft()
    expect(await ada.draftOf('shared')).toMatchObject({ by: 'ben', text: `${saying('one')}# ada\n# ben\n` })
    await ada.editor().getByText('# ben').waitFor()
  })

  test('or the other draft is taken', async () => {
    await ben.write('# mine\n')
    await ada.write('# hers\n')
    await ada.saveDraft()
    await ben.button('Take their draft').click()
    await ben.editor().getByText('# hers').waitFor()
    expect(await ben.unsaved().count()).toBe(0)
  })

  test('publishing one text leaves what the other has saved since', async () => {
    await ada.write('# to publish\n')
    await ben.write('# bens\n')
    await ben.saveDraft()
    await ada.notice('ben saved a draft meanwhile.').waitFor()
    await ada.publish('Mine')
    expect(files.read('shared')).toContain('# to publish')
    expect((await ada.draftOf('shared')).text).toContain('# bens')
    await ben.notice('The file changed meanwhile.').waitFor()
    await ben.page.getByText('ada@example.com changed it').waitFor()
  })

  test('a draft that the other has discarded can be gone on with', async () => {
    await ben.button('Keep mine').click()
    await ada.page.reload()
    await ada.editor().getByText('# bens').waitFor()
    await ada.more('Discard the draft …')
    await ada.button('Discard it').click()
    await ada.dialogue().waitFor({ state: 'hidden' })
    expect(await ada.draftOf('shared')).toBeNull()
    await ben.notice('The draft was published or discarded meanwhile.').waitFor()
    await ben.button('Keep mine').click()
    await ben.saveDraft()
    expect((await ada.draftOf('shared')).text).toContain('# bens')
  })
})
