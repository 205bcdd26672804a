import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { picture } from './picture'
import { call, run, workflows } from './seed'
import { barriers, openBrowser, settled, setUp, sideways, signIn, type Visitor, visit } from './visitor'

// Every page, with something on it, at two sizes and in both schemes: it shows what it is for, keeps people who see or
// move badly in, asks nobody else for anything, and does not scroll sideways. Its pictures are those of the handbook.

// `make pictures` has them put where the handbook shows them.
const pictures = process.env.GANTRY_PICTURES ?? mkdtempSync(join(tmpdir(), 'gantry-pictures-'))

let house: House
let browser: Browser
const ids = { failed: '', succeeded: '', asking: '', each: '', user: '' }

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true })
  house = await openHouse(workflows)
  browser = await openBrowser()
  const first = await visit(browser, house.url)
  await setUp(first.page, house.setUp)
  const { request } = first.context
  for (const ticket_id of [2045, 2046, 2047])
    ids.succeeded = await run(request, 'triage/new-ticket', 'northwind-dental', { ticket_id })
  ids.failed = await run(request, 'triage/new-ticket', 'contessa-legal-ltd', { ticket_id: 999_999 })
  ids.each = await run(request, 'examples/for-each', 'acme-msp')
  ids.asking = await run(request, 'onboarding/new-starter', 'northwind-dental', { name: 'Dana Reyes' })
  const user = await call(request, 'POST', '/users', {
    login: 'vera@example.com',
    name: 'Vera Viewer',
    password: 'copper-lantern-harvest-42',
    grants: [{ role: 'viewer', organisation: '_' }],
  })
  ids.user = user.id
  await call(request, 'POST', '/me/tokens', { name: 'nightly report', scopes: ['runs:read'] })
  await call(request, 'PUT', '/workflows/onboarding%2Fleaver/draft', {
    text: 'title: A leaver\ntasks:\n  begin:\n    action: core.noop\n',
    base: '',
    revision: 0,
  })
  await first.context.close()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

interface Shown {
  name: string
  path: () => string
  /** What is waited for: that the page shows what it is for. */
  shows: (page: Page) => Promise<unknown>
}

const drawn = (page: Page) => page.locator('.react-flow__node').first().waitFor()
const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor()
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor()

const pages: Shown[] = [
  { name: 'home', path: () => '/', shows: text('There is no ticket 999999') },
  { name: 'workflows', path: () => '/workflows', shows: text('Triage a new ticket') },
  { name: 'workflow', path: () => '/workflows/triage/new-ticket?task=get_ticket', shows: drawn },
  {
    name: 'workflow-versions',
    path: () => '/workflows/triage/new-ticket?view=versions',
    shows: heading('Triage a new ticket'),
  },
  { name: 'test', path: () => '/test/triage/new-ticket', shows: text('ticket_id') },
  { name: 'runs', path: () => '/runs', shows: text('Triage a new ticket') },
  { name: 'run', path: () => `/runs/${ids.succeeded}?task=get_ticket`, shows: drawn },
  { name: 'run-failed', path: () => `/runs/${ids.failed}`, shows: drawn },
  { name: 'run-timeline', path: () => `/runs/${ids.succeeded}?tab=timeline`, shows: text('get_ticket') },
  { name: 'organisations', path: () => '/organisations', shows: text('Contessa Legal Ltd') },
  { name: 'organisation', path: () => '/organisations/contessa-legal-ltd', shows: heading('Contessa Legal Ltd') },
  {
    name: 'organisation-variables',
    path: () => '/organisations/contessa-legal-ltd?tab=variables',
    shows: heading('Contessa Legal Ltd'),
  },
  { name: 'integrations', path: () => '/integrations', shows: text('HaloPSA') },
  { name: 'integration', path: () => '/integrations/halo', shows: heading('HaloPSA') },
  { name: 'mapping', path: () => '/integrations/halo/mapping', shows: text('Contessa Legal Ltd') },
  { name: 'triggers', path: () => '/triggers', shows: text('new ticket') },
  { name: 'trigger', path: () => '/triggers/triage/new-ticket?trigger=new%20ticket', shows: heading('new ticket') },
  { name: 'waiting', path: () => '/waiting', shows: text('Which licence does Dana Reyes get?') },
  { name: 'ask', path: () => `/waiting/${ids.asking}/ask`, shows: text('Business Premium') },
  { name: 'actions', path: () => '/actions', shows: text('core.ask') },
  { name: 'action', path: () => '/actions/halo.get_ticket', shows: text('ticket_id') },
  { name: 'crates', path: () => '/crates', shows: text('Ticket digest') },
  { name: 'crate', path: () => '/crates/ticket-digest', shows: heading('Ticket digest') },
  { name: 'audit', path: () => '/audit', shows: text('add-user') },
  { name: 'users', path: () => '/users', shows: text('Vera Viewer') },
  { name: 'user', path: () => `/users/${ids.user}`, shows: heading('Vera Viewer') },
  { name: 'settings', path: () => '/settings', shows: text('msp.slug') },
  { name: 'me', path: () => '/me?tab=tokens', shows: text('nightly report') },
  { name: 'not-found', path: () => '/no/such/page', shows: text('No page is at') },
]

const looks = [
  { size: 'wide', width: 1440, height: 900, dark: false },
  { size: 'phone', width: 390, height: 844, dark: false },
  { size: 'dark', width: 1440, height: 900, dark: true },
]

describe.each(looks)('$size', look => {
  let visitor: Visitor

  beforeAll(async () => {
    visitor = await visit(browser, house.url, look)
    await signIn(visitor.page, 'ada@example.com')
  })

  afterAll(() => visitor.context.close())

  test.each(pages)('$name', async ({ name, path, shows }) => {
    const { page, complaints } = visitor
    complaints.length = 0
    await page.goto(path())
    await shows(page)
    await settled(page)
    if (look.size !== 'dark') await picture(page, `${pictures}/${name}-${look.width}.webp`)
    expect.soft(await barriers(page), 'barriers').toEqual([])
    expect.soft(complaints, 'complaints').toEqual([])
    expect.soft(await sideways(page), 'scrolls sideways').toBeLessThanOrEqual(0)
    expect.soft(await page.title()).toContain('Gantry')
  })
})
