import { readFileSync } from 'node:fs'
import type { Browser, Page, Request, Response } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call, run, workflows } from './seed'
import { barriers, openBrowser, password, setUp, signIn, type Visitor, visit } from './visitor'

// People of a client, with each role over it, on every page there is: nothing breaks, nothing is asked for that the
// server refuses, and nobody reads of another client, neither on the page nor in what the server sent to it.

/** A workflow whose author names another client wherever words can be written that clients are not to read. */
const naming = `title: Look after printers
# Contessa Legal Ltd pays for toner
triggers:
  - name: by hand
    type: always_pass
    run_for: {this: true, organisations: [northwind-dental, contessa-legal-ltd]}
    when: org.slug != 'bramley-orchards-ltd'
  - name: printer calls
    type: webhook
    verify: none
    run_for: {organisations: [contessa-legal-ltd]}
    when: body.client == 'Contessa Legal Ltd'
tasks:
  look:
    action: core.set # Contessa Legal Ltd has three
    with: {values: {toner: "\${{ org.slug == 'contessa-legal-ltd' ? 3 : 1 }}"}}
    next:
      - when: org.slug == 'contessa-legal-ltd'
        label: Contessa Legal Ltd alone
        publish: {contessa: "\${{ 'Contessa Legal Ltd' }}"}
        do: order
      - do: done
  order:
    title: Order for Contessa Legal Ltd
    org: contessa-legal-ltd
    action: core.set
    with: {values: {for: Contessa Legal Ltd}}
    next: done
  done: {join: any, action: core.noop}
`

const own = 'northwind-dental'
const roles = ['viewer', 'operator', 'author', 'admin'] as const

let house: House
let browser: Browser
let others: string[]
const ids = { triaged: '', failed: '', looked: '', asking: '', theirs: '', person: '' }

beforeAll(async () => {
  house = await openHouse({ ...workflows, 'workflows/care/printers.yaml': naming })
  browser = await openBrowser()
  const ada = await visit(browser, house.url)
  await setUp(ada.page, house.setUp)
  const { request } = ada.context
  ids.triaged = await run(request, 'triage/new-ticket', own, { ticket_id: 2045 })
  ids.failed = await run(request, 'triage/new-ticket', own, { ticket_id: 999_999 })
  ids.looked = await run(request, 'care/printers', own)
  ids.asking = await run(request, 'onboarding/new-starter', own, { name: 'Dana Reyes' })
  ids.theirs = await run(request, 'care/printers', 'contessa-legal-ltd')
  await run(request, 'onboarding/new-starter', 'contessa-legal-ltd', { name: 'Sam Okafor' })
  for (const role of roles) {
    const grants = [{ role, organisation: own }]
    const { id } = await call(request, 'POST', '/users', { login: role, name: `The ${role}`, password, grants })
    ids.person = id
  }
  const { organisations } = await call(request, 'GET', '/organisations')
  others = organisations
    .filter((o: { slug: string; parent?: string }) => o.parent && o.slug !== own)
    .flatMap((o: { slug: string; name: string }) => [o.slug, o.name])
  await ada.context.close()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

/** The names of other clients in a text. */
const named = (text: string) => others.filter(name => text.toLowerCase().includes(name.toLowerCase()))

interface Shown {
  path: string
  /** Its heading. */
  heading: string | RegExp
  /** What is waited for besides. */
  shows?: (page: Page) => Promise<unknown>
}

const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()
const drawn = (page: Page) => page.locator('.react-flow__node').first().waitFor()

const everybody = (): Shown[] => [
  { path: '/', heading: 'Home', shows: text('There is no ticket 999999') },
  { path: '/workflows', heading: 'Workflows', shows: text('Triage a new ticket') },
  { path: '/workflows/care/printers', heading: 'Look after printers', shows: drawn },
  { path: '/test/triage/new-ticket', heading: 'Test Triage a new ticket', shows: text('ticket_id') },
  { path: '/runs', heading: 'Runs', shows: text('Look after printers') },
  { path: `/runs/${ids.looked}`, heading: 'Look after printers', shows: drawn },
  { path: `/runs/${ids.triaged}?task=get_ticket`, heading: 'Triage a new ticket', shows: drawn },
  { path: `/runs/${ids.triaged}?tab=timeline`, heading: 'Triage a new ticket', shows: text('get_ticket') },
  { path: `/runs/${ids.triaged}?tab=requests`, heading: 'Triage a new ticket', shows: text('GET') },
  { path: `/runs/${ids.triaged}?tab=data`, heading: 'Triage a new ticket', shows: text('Inputs') },
  { path: `/runs/${ids.triaged}?tab=text`, heading: 'Triage a new ticket', shows: text('Only people of the MSP') },
  { path: `/runs/${ids.failed}`, heading: 'Triage a new ticket', shows: drawn },
  { path: '/organisations', heading: 'Organisations', shows: text('Northwind Dental') },
  { path: `/organisations/${own}`, heading: 'Northwind Dental' },
  ...['variables', 'integrations', 'mappings'].map(tab => ({
    ...{ path: `/organisations/${own}?tab=${tab}`, heading: 'Northwind Dental' },
  })),
  { path: '/integrations', heading: 'Integrations', shows: text('HaloPSA') },
  { path: '/integrations/halo', heading: 'HaloPSA' },
  { path: '/integrations/halo/mapping', heading: /HaloPSA/ },
  { path: '/triggers', heading: 'Triggers', shows: text('new ticket') },
  { path: '/triggers/care/printers?trigger=by%20hand', heading: 'by hand', shows: text('Only people of the MSP') },
  { path: '/triggers/care/printers?trigger=printer%20calls', heading: 'printer calls' },
  { path: '/waiting', heading: 'Waiting for you', shows: text('Which licence does Dana Reyes get?') },
  { path: `/waiting/${ids.asking}/ask`, heading: /Which licence/ },
  { path: '/actions', heading: 'Actions', shows: text('core.ask') },
  { path: '/actions/halo.get_ticket', heading: /Get/, shows: text('ticket_id') },
  { path: '/crates', heading: 'Crates', shows: text('Ticket digest') },
  { path: '/crates/ticket-digest', heading: 'Ticket digest' },
  { path: '/me', heading: /^The / },
  { path: '/me?tab=tokens', heading: /^The /, shows: text('No tokens') },
  { path: '/me?tab=sessions', heading: /^The /, shows: text('this one') },
  { path: '/settings', heading: 'Settings', shows: text('This page needs the role admin over the MSP') },
  { path: '/no/such/page', heading: /./, shows: text('No page is at') },
]

const refused = text('This page needs the role admin')
const administered = (role: string): Shown[] => {
  const admin = role === 'admin'
  return [
    { path: '/audit', heading: 'Audit', shows: admin ? text('add-user') : refused },
    { path: '/users', heading: 'Users and roles', shows: admin ? text('The operator') : refused },
    { path: `/users/${ids.person}`, heading: admin ? 'The admin' : 'A user', shows: admin ? undefined : refused },
  ]
}

/** What a page has asked the server for, and got. */
class Traffic {
  private open = new Set<Request>()
  private came: Response[] = []

  constructor(page: Page) {
    const counts = (r: Request) => r.url().includes('/api/') && !/\/(changes|events)$/.test(r.url())
    page.on('request', r => counts(r) && this.open.add(r))
    page.on('requestfinished', r => this.open.delete(r))
    page.on('requestfailed', r => this.open.delete(r))
    page.on('response', r => counts(r.request()) && this.came.push(r))
  }

  get idle() {
    return this.open.size === 0
  }

  async taken(): Promise<{ what: string; status: number; body: string }[]> {
    const came = this.came.splice(0)
    return Promise.all(
      came.map(async r => ({
        what: `${r.request().method()} ${new URL(r.url()).pathname}`,
        status: r.status(),
        body: await r.text().catch(() => ''),
      })),
    )
  }
}

/** Opens a page from within the console, as a link does. */
async function open(page: Page, { path, heading, shows }: Shown) {
  await page.evaluate(path => {
    history.pushState(null, '', path)
    dispatchEvent(new PopStateEvent('popstate'))
  }, path)
  await page
    .getByRole('heading', { level: 1, name: heading, exact: typeof heading === 'string' })
    .first()
    .waitFor()
  await shows?.(page)
}

async function settled(page: Page, traffic: Traffic) {
  await expect.poll(() => traffic.idle, { interval: 20 }).toBe(true)
  await page.waitForFunction(
    () => document.querySelectorAll('[aria-label="One moment"], .mantine-Skeleton-root').length === 0,
  )
}

// Pages that look for an administrator as they look for a viewer.
const alike = /[?&]tab=|^.(actions|crates|no)\b/

const looks = {
  viewer: { width: 1440, height: 900, dark: false },
  operator: { width: 1440, height: 900, dark: true },
  author: { width: 390, height: 844, dark: false },
  admin: { width: 390, height: 844, dark: true },
}

describe.each(roles)('with the role %s', role => {
  let somebody: Visitor
  let traffic: Traffic

  beforeAll(async () => {
    somebody = await visit(browser, house.url, looks[role])
    await signIn(somebody.page, role)
    traffic = new Traffic(somebody.page)
    await somebody.page.reload()
  })

  afterAll(() => somebody.context.close())

  test('every page is shown, and none tells of another client', async () => {
    const { page, complaints } = somebody
    for (const shown of [...everybody(), ...administered(role)]) {
      await open(page, shown)
      await settled(page, traffic)
      const { path } = shown
      const told = await traffic.taken()
      expect.soft(named(await page.locator('body').innerText()), `${path}: named on the page`).toEqual([])
      for (const { what, status, body } of told) {
        expect.soft(named(body), `${path}: named by ${what}`).toEqual([])
        expect.soft(status, `${path}: ${what}`).toBeLessThan(400)
      }
      if (role === 'viewer' || (role === 'admin' && !alike.test(path)))
        expect.soft(await barriers(page), `${path}: barriers`).toEqual([])
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect.soft(over, `${path}: scrolls sideways`).toBeLessThanOrEqual(0)
      expect.soft(complaints.splice(0), `${path}: complaints`).toEqual([])
    }
  }, 120_000)

  test('the menu has the pages that are theirs', async () => {
    const { page } = somebody
    const links = page.locator('nav#pages').getByRole('link', { includeHidden: true })
    const names = (await links.allTextContents()).map(name => name.replace(/\d+$/, ''))
    const all = ['Home', 'Workflows', 'Runs', 'Triggers', 'Waiting for you', 'Organisations', 'Integrations']
    all.push('Actions', 'Crates', ...(role === 'admin' ? ['Audit', 'Users and roles'] : []))
    expect(names).toEqual(all)
  })

  test('they are told of what they have, not of what the MSP has', async () => {
    const { page } = somebody
    await open(page, { path: '/organisations', heading: 'Organisations', shows: text('Northwind Dental') })
    expect(await page.getByText('No clients yet').count()).toBe(0)
    await open(page, { path: '/integrations/halo', heading: 'HaloPSA', shows: text('No HaloPSA of your own') })
  })

  test('a workflow is tried for their organisation, by those who may start it', async () => {
    const { page, complaints } = somebody
    await open(page, { path: '/test/triage/new-ticket', heading: 'Test Triage a new ticket', shows: text('ticket_id') })
    expect(await page.getByLabel('For which organisation').first().inputValue()).toBe('Northwind Dental')
    await page.getByLabel(/^ticket_id/).fill('2045')
    const start = page.getByRole('button', { name: 'Run', exact: true })
    if (role === 'viewer') return expect(await start.isDisabled()).toBe(true)
    await start.click()
    const status = page.getByRole('region', { name: 'The run' }).getByRole('status').first()
    await status.getByText('succeeded').waitFor()
    await drawn(page)
    expect(complaints.splice(0)).toEqual([])
  })

  test('what belongs to another client is not there, as what was never there', async () => {
    const { page } = somebody
    await open(page, { path: '/organisations/contessa-legal-ltd', heading: 'contessa-legal-ltd' })
    await page.getByText('There is no organisation').waitFor()
    await open(page, { path: `/runs/${ids.theirs}`, heading: 'Run', shows: text('there is no run') })
    await open(page, { path: `/waiting/${ids.theirs}/ask`, heading: 'A question', shows: text(/no run/i) })
    const { request } = somebody.context
    const asked = async (path: string) => {
      const answer = await request.get(`/api/v1${path}`)
      return [answer.status(), (await answer.text()).replaceAll(path.split('/')[2] ?? '', '…')]
    }
    expect(await asked('/organisations/contessa-legal-ltd')).toEqual(await asked('/organisations/no-such-client'))
    expect(await asked(`/runs/${ids.theirs}`)).toEqual(await asked('/runs/01a2050c-7e0c-7bdf-a1df-e2711e2941f5'))
  })
})

test('the pages that are walked are all there are', () => {
  const routes = readFileSync(new URL('../src/app/routes.tsx', import.meta.url), 'utf8')
  const paths = [...routes.matchAll(/path: '([^'/][^']*)'/g)].map(([, path]) => path ?? '')
  const walked = [...everybody(), ...administered('admin')].map(s => s.path.replace(/\?.*/, '').slice(1))
  const unwalked = paths
    .filter(path => path !== '*')
    .filter(path => {
      const fits = new RegExp(`^${path.replace(/:\w+/g, '[^/]+').replace('*', '.+')}$`)
      return !walked.some(w => fits.test(w))
    })
  expect(unwalked).toEqual([])
})
