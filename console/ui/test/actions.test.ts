import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call, run } from './seed'
import { asks } from './seed-of-asks'
import { barriers, openBrowser, settled, setUp, sideways, signIn, type Visitor, visit } from './visitor'

// The catalogue of actions and what happens when one is tried; the crates; and questions that wait for somebody.

let house: House
let browser: Browser
let ada: Visitor
let vera: Visitor
let page: Page

beforeAll(async () => {
  house = await openHouse(asks)
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
  const password = 'copper-lantern-harvest-42'
  const grants = [{ role: 'operator', organisation: '_' }]
  await api('POST', '/users', { login: 'vera@example.com', name: 'Vera Operator', password, grants })
  vera = await visit(browser, house.url)
  await signIn(vera.page, 'vera@example.com', password)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  expect(ada.complaints.splice(0), 'what the browser complained of').toEqual([])
  expect(vera.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const dialogue = () => page.getByRole('dialog')
const button = (name: string | RegExp) => page.getByRole('button', { name })
const api = (method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown) =>
  call(ada.context.request, method, path, data)
const tree = (name: string) => page.getByRole('tree', { name })

async function choose(field: string, option: string | RegExp, where: Page | Locator = page) {
  await where.getByLabel(field, { exact: true }).first().click()
  await page.getByRole('option', { name: option }).click()
}

describe.sequential('the catalogue of actions', () => {
  const actions = () => page.getByRole('region', { name: 'Actions' }).getByRole('link')
  const first = async () => (await actions().first().innerText()).split(/\n+/).slice(0, 2)

  test('is searched by words; the better fit comes first, and the address says so', async () => {
    await page.goto('/actions')
    await page
      .getByRole('status')
      .getByText(/^1\d\d of 1\d\d actions$/)
      .waitFor()
    await page.getByLabel('Search', { exact: true }).pressSequentially('create ticket')
    await expect.poll(first).toEqual(['Create Ticket', 'halo.create_ticket'])
    expect(page.url()).toContain('search=create+ticket')
    await choose('Effect', 'deletes')
    await choose('Integration', 'HaloPSA')
    await page.getByText('No action fits what is looked for').waitFor()
    await page.getByRole('link', { name: 'Show all actions' }).click()
    await expect.poll(first).toEqual(['Ask People', 'core.ask'])
  })

  test('leaves out what should not be used any more, unless it is asked for', async () => {
    await page.goto('/actions?search=list+agents')
    await expect.poll(first).toEqual(['List Agents', 'halo.list_agents'])
    const old = actions().filter({ hasText: 'List Agents the Old Way' })
    expect(await old.count()).toBe(0)
    await page.getByLabel('Also those not to be used any more').press('Space')
    await old.getByText('not to be used any more').waitFor()
    await old.click()
    await page.getByRole('alert').getByText('use List Agents (halo.list_agents)').waitFor()
  })

  test('tells of each what it takes and gives, and who uses it', async () => {
    await page.goto('/actions/core.ask')
    await page.getByRole('list', { name: 'Inputs' }).getByText('question', { exact: true }).waitFor()
    await page.getByRole('region', { name: 'Used by' }).getByRole('link', { name: 'Buy a licence' }).waitFor()
    await button('Copy the task').click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('action: core.ask\n')
    await page.goto('/actions/halo.get_ticket')
    await page.getByLabel('Search in Fields of the result').fill('priority_id')
    await page
      .getByRole('list', { name: 'Fields of the result' })
      .getByText('priority_id', { exact: true })
      .first()
      .waitFor()
  })
})

describe.sequential('an action is tried', () => {
  const cameOf = () => page.getByRole('region', { name: 'What came of it' })
  const input = (name: RegExp) => page.getByLabel(name).first()

  test('what is wrong with its inputs is told at the field', async () => {
    await page.goto('/actions/halo.get_ticket?tab=try')
    await button('Call it').click()
    await page.getByText('Mend what is marked').waitFor()
    await page.getByText('Is missing', { exact: true }).waitFor()
    expect(await input(/^ticket_id/).getAttribute('aria-invalid')).toBe('true')
  })

  test('for an organisation that has no instance of its own, it is said what to do', async () => {
    await choose('For', /Northwind Dental/)
    await input(/^ticket_id/).fill('2045')
    await button('Call it').click()
    await page.getByRole('alert').getByText('HaloPSA integration is not installed for Northwind Dental').waitFor()
    await page.getByText("Lend it the MSP's default").waitFor()
  })

  test('what only reads is called at once, for the organisation that is chosen', async () => {
    await choose('With which HaloPSA', "the MSP's, lent to it")
    await button('Call it').click()
    await cameOf().getByText('It worked.').waitFor()
    await tree('Result')
      .getByRole('treeitem', { name: /^id 2045/ })
      .waitFor()
    await page.getByRole('table', { name: 'HTTP requests' }).getByText('GET').waitFor()
    expect(page.url()).toContain('organisation=northwind-dental')
  })

  test('an error is told with what to do about it', async () => {
    await input(/^ticket_id/).fill('999999')
    await button('Call it').click()
    await cameOf().getByRole('alert').getByText('HaloPSA does not know this (404)').waitFor()
    await cameOf().getByText('Check the id').waitFor()
  })

  test('what writes is sent after a further question alone', async () => {
    await page.goto('/actions/halo.create_ticket?tab=try&organisation=northwind-dental')
    await choose('With which HaloPSA', "the MSP's, lent to it")
    await input(/^summary/).fill('The fax burns')
    await button('Call it …').click()
    await dialogue().getByText('Create Ticket for Northwind Dental?').waitFor()
    await dialogue().getByRole('button', { name: 'Leave it' }).click()
    await dialogue().waitFor({ state: 'hidden' })
    expect(await tickets()).toBe(0)
    await button('Call it …').click()
    await dialogue().getByRole('button', { name: 'Send it' }).click()
    await cameOf().getByText('complete the mandatory fields').first().waitFor()
    await cameOf()
      .getByText(/these fields: pass them/)
      .waitFor()
    expect(await tickets()).toBe(0)
    await choose('51 more fields', /^skip_validation/)
    await choose('skip_validation', 'yes')
    await button('Call it …').click()
    await dialogue().getByRole('button', { name: 'Send it' }).click()
    await cameOf().getByText('It worked.').waitFor()
    expect(await tickets()).toBe(1)
  })

  async function tickets() {
    const inputs = { search: 'The fax burns' }
    return (await api('POST', '/actions/halo.list_tickets/call', { inputs })).result.length
  }

  test('whether a request writes follows from its method', async () => {
    await page.goto('/actions/core.http_request?tab=try')
    await input(/^url/).fill(`${house.url}/healthz/live`)
    await choose('method', 'GET')
    await button('Call it …').click()
    await cameOf().getByText('It worked.').waitFor()
    await choose('method', 'POST')
    await button('Call it …').click()
    await dialogue().getByText('HTTP Request for the MSP?').waitFor()
    await dialogue().getByRole('button', { name: 'Leave it' }).click()
  })

  test('whoever may not is told what it needs, and the server refuses it', async () => {
    await vera.page.goto('/actions/halo.get_ticket?tab=try')
    const call = vera.page.getByRole('button', { name: 'Call it' })
    await call.waitFor()
    expect(await call.isDisabled()).toBe(true)
    await call.locator('..').focus()
    await vera.page.getByText('This needs the role author.').waitFor()
    const data = { inputs: { ticket_id: 2045 } }
    expect((await vera.context.request.post('/api/v1/actions/halo.get_ticket/call', { data })).status()).toBe(403)
  })
})

describe.sequential('the crates', () => {
  test('are those that ship and the project’s own, with what they need', async () => {
    await page.goto('/crates')
    const digest = page.getByRole('article').filter({ hasText: 'Ticket digest' })
    await digest.getByText('HaloPSA: configured').waitFor()
    const own = page.getByRole('article').filter({ hasText: 'Birthday greetings' }).last()
    await own.getByText('1.2.0 · of this project · 1 workflow').waitFor()
    await own.getByText('needs nothing').waitFor()
    await own.getByRole('link', { name: 'Birthday greetings' }).click()
    await page.getByRole('heading', { level: 1, name: 'Birthday greetings' }).waitFor()
  })

  test('each tells what can be set, and shows its files', async () => {
    const settings = page.getByRole('list', { name: 'Settings' })
    await settings.getByText('"Many happy returns"').waitFor()
    await settings.getByText('From 1 to 3').waitFor()
    const files = page.getByRole('region', { name: 'Files' })
    await files.getByRole('button', { name: /workflows\/greet.yaml/ }).click()
    await files.getByText('title: Greet somebody').waitFor()
    await page.getByRole('region', { name: 'Workflows' }).getByText('schedule, off in the file').waitFor()
  })

  test('its triggers and workflows are one click away', async () => {
    await page.getByRole('link', { name: 'every morning' }).click()
    await page.getByRole('heading', { level: 1, name: 'every morning' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: 'Greet somebody' }).click()
    await page.getByRole('heading', { level: 1, name: 'Greet somebody' }).waitFor()
  })
})

describe.sequential('what waits for people', () => {
  const answer = (id: string, data: object) => call(vera.context.request, 'POST', `/runs/${id}/asks/ask`, data)
  const form = () => page.getByRole('main')
  const field = (name: string | RegExp) => form().getByLabel(name, { exact: true }).first()
  const ended = async (id: string) => {
    await expect.poll(async () => (await api('GET', `/runs/${id}`)).status).toBe('succeeded')
    return (await api('GET', `/runs/${id}`)).outputs
  }
  let id = ''

  test('nothing at first: it is said what comes here', async () => {
    await page.goto('/waiting')
    await page.getByText('Nothing waits for you').waitFor()
    await page.getByRole('link', { name: 'Ask People' }).click()
    await page.getByRole('heading', { level: 1, name: 'Ask People' }).waitFor()
    await page.goBack()
  })

  test('a question appears by itself, and those of an organisation can be looked at alone', async () => {
    id = await run(ada.context.request, 'people/licence', 'northwind-dental')
    await page.getByText('What does Dana Reyes get?').waitFor()
    await run(ada.context.request, 'people/licence', 'contessa-legal-ltd', { who: 'Kim Lee' })
    await page.getByText('What does Kim Lee get?').waitFor()
    await choose('Organisation', /Contessa/)
    await page.getByText('What does Dana Reyes get?').waitFor({ state: 'hidden' })
    expect(page.url()).toContain('organisation=contessa-legal-ltd')
    await page.goto('/waiting')
    await page.getByText('What does Dana Reyes get?').click()
    await page.getByText('20.60 a month').waitFor()
    await page.getByText(/time is up in 2 days/).waitFor()
  })

  test('what is wrong with the form is told at its fields', async () => {
    await field('Amount').fill('7')
    await button('Buy it').click()
    await page.getByText('Mend what is marked').waitFor()
    await page.getByText('Is missing', { exact: true }).waitFor()
    await page.getByText('Must be at most 5').waitFor()
    expect((await api('GET', `/runs/${id}`)).status).toBe('waiting')
  })

  test('fields of every type are filled in, and the run goes on with them', async () => {
    await field(/^Purchase order/).fill('PO 7')
    await choose('Licence', 'premium', form())
    await field('Amount').fill('3')
    await field('Price').fill('20.6')
    await field('Urgent').check()
    await field('First day').fill('2026-12-01')
    await field('Starts at').fill('2026-12-01T08:30')
    await field('Tags').fill('dark blue')
    await page.keyboard.press('Enter')
    await field(/^city/).fill('Leeds')
    await button('Buy it').click()
    await page.getByText('Your answer counts: Buy it').waitFor()
    await page.getByText('succeeded').first().waitFor()
    expect((await ended(id)).given).toMatchObject({
      button: 'buy',
      by: 'ada@example.com',
      values: {
        order: 'PO 7',
        licence: 'premium',
        amount: 3,
        price: 20.6,
        urgent: true,
        first_day: '2026-12-01',
        at: '2026-12-01T08:30:00Z',
        tags: ['dark blue'],
        address: { city: 'Leeds' },
      },
    })
  })

  test('the next one is offered; a button that needs no form needs none', async () => {
    await page.getByRole('link', { name: 'The next question (1 left)' }).click()
    await page.getByRole('heading', { level: 1, name: 'What does Kim Lee get?' }).waitFor()
    await button('Leave it').click()
    await page.getByText('Your answer counts: Leave it').waitFor()
    await page.getByRole('link', { name: 'To what waits' }).click()
    await page.getByText('Nothing waits for you').waitFor()
  })

  test('one that another has answered meanwhile says so, without a reload', async () => {
    id = await run(ada.context.request, 'people/licence', 'northwind-dental')
    await page.goto(`/waiting/${id}/ask`)
    await button('Leave it').waitFor()
    await answer(id, { button: 'leave' })
    await page.getByText('There is nothing to answer here any more').waitFor()
    await page.getByText('has been answered already').waitFor()
    expect(await button('Leave it').count()).toBe(0)
    await page.getByRole('link', { name: 'Look at the run' }).click()
    await page.getByRole('heading', { level: 1, name: 'Buy a licence' }).waitFor()
  })

  test('of two answers the first one counts; who comes second is told so', async () => {
    id = await run(ada.context.request, 'people/licence', 'northwind-dental')
    await page.goto(`/waiting/${id}/ask`)
    await button('Leave it').waitFor()
    await page.route('**/asks/ask', async route => {
      if (route.request().method() === 'POST') await answer(id, { button: 'buy', values: { order: 'PO 8' } })
      await route.continue()
    })
    await button('Leave it').click()
    await page.getByText('There is nothing to answer here any more').waitFor()
    await page.unroute('**/asks/ask')
    expect((await ended(id)).given).toMatchObject({ button: 'buy', by: 'vera@example.com' })
  })

  test('one whose time is up says so while it is looked at', async () => {
    id = await run(ada.context.request, 'people/short', 'acme-msp')
    await page.goto(`/waiting/${id}/ask`)
    await page.getByRole('heading', { level: 1, name: 'Is anybody there?' }).waitFor()
    await page.getByText('There is nothing to answer here any more').waitFor()
    await page.getByText(/time .*up/).waitFor()
  })

  test('one that is for somebody else can be looked at, and the server refuses the answer', async () => {
    id = await run(ada.context.request, 'people/for-vera', 'acme-msp')
    await page.goto('/waiting')
    await page.getByText('others answer this').waitFor()
    expect(await page.getByRole('link', { name: 'Waiting for you' }).innerText()).toBe('Waiting for you') // no number
    await vera.page.getByRole('link', { name: /^Waiting for you\s+1$/ }).waitFor()
    await page.getByText('Shall it go on?').click()
    await page.getByText('It is for vera@example.com.').waitFor()
    expect(await button('Yes').isDisabled()).toBe(true)
    const refused = await ada.context.request.post(`/api/v1/runs/${id}/asks/ask`, { data: { button: 'yes' } })
    expect(refused.status()).toBe(403)
    await vera.page.goto(`/waiting/${id}/ask`)
    await vera.page.getByRole('button', { name: 'Yes' }).click()
    await vera.page.getByText('Your answer counts: Yes').waitFor()
    expect(await ended(id)).toEqual({ by: 'vera@example.com' })
  })

  test('each entry of a for_each asks by itself', async () => {
    id = await run(ada.context.request, 'people/each', 'acme-msp')
    await page.goto('/waiting')
    await page.getByText('Order a phone?').click()
    await page.getByText('entry 2').waitFor()
    await button('No').click()
    await page.getByRole('link', { name: 'The next question (1 left)' }).click()
    await page.getByRole('heading', { level: 1, name: 'Order a laptop?' }).waitFor()
    await button('Yes').click()
    expect(await ended(id)).toEqual({ said: ['yes', 'no'] })
  })

  test('a paused run takes an answer, and says that it goes on later', async () => {
    id = await run(ada.context.request, 'people/licence', 'northwind-dental')
    await api('POST', `/runs/${id}/pause`)
    await page.goto(`/waiting/${id}/ask`)
    await page.getByText('what follows begins when somebody resumes the run').waitFor()
    await button('Leave it').click()
    await page.getByText('It goes on when somebody resumes it.').waitFor()
  })
})

describe.sequential('the link of a question', () => {
  let guest: Visitor
  let link = ''
  let id = ''

  beforeAll(async () => {
    guest = await visit(browser, house.url, { width: 390, height: 844 })
  })

  test('is for somebody without an account; to look at it answers nothing', async () => {
    id = await run(ada.context.request, 'people/licence', 'northwind-dental')
    await page.goto(`/waiting/${id}/ask`)
    await button('Copy the link for others').click()
    link = await page.evaluate(() => navigator.clipboard.readText())
    for (let n = 0; n < 2; n++) {
      await guest.page.goto(link)
      await guest.page.getByRole('heading', { name: 'What does Dana Reyes get?' }).waitFor()
    }
    expect((await api('GET', `/runs/${id}/asks/ask`)).may_answer).toBe(true)
    expect(await barriers(guest.page)).toEqual([])
    expect(await sideways(guest.page)).toBe(0)
  })

  test('what is wrong is told there, and what was written stays', async () => {
    await guest.page.getByLabel(/^Purchase order/).fill('PO 9')
    await guest.page.getByLabel(/^Amount/).fill('7')
    await guest.page.getByRole('button', { name: 'Buy it' }).click()
    await guest.page.getByText(/at most 5/).waitFor()
    expect(await guest.page.getByLabel(/^Purchase order/).inputValue()).toBe('PO 9')
    expect(await barriers(guest.page)).toEqual([])
  })

  test('the answer counts, with the name that was typed; afterwards the link says so', async () => {
    await guest.page.getByLabel(/^Amount/).fill('2')
    await guest.page.getByLabel(/^Your name/).fill('Dana')
    await guest.page.getByRole('button', { name: 'Buy it' }).click()
    await guest.page.getByText(/Buy it/).waitFor()
    await expect.poll(async () => (await api('GET', `/runs/${id}`)).status).toBe('succeeded')
    const { given } = (await api('GET', `/runs/${id}`)).outputs
    expect(given.values).toMatchObject({ order: 'PO 9', amount: 2 })
    expect(given.by).toMatch(/link.*Dana|Dana.*link/)
    await guest.page.goto(link)
    await guest.page
      .getByText(/answered/)
      .first()
      .waitFor()
    expect(await guest.page.getByRole('button').count()).toBe(0)
    await page.getByText('There is nothing to answer here any more').waitFor()
  })

  test('one that is wrong is nothing, and leads nowhere else', async () => {
    const answer = await guest.page.goto(`${link.slice(0, -1)}x`)
    expect(answer?.status()).toBe(404)
    await guest.page.goto('/waiting')
    await guest.page.getByLabel('E-mail address, or login').waitFor()
    expect(guest.complaints).toEqual([])
    await guest.context.close()
  })
})

test('everything can be read and reached, in the dark and on a phone', async () => {
  const look = { width: 390, height: 844, dark: true }
  const id = await run(ada.context.request, 'people/licence', 'northwind-dental')
  const visitor = await visit(browser, house.url, look)
  await visitor.context.addCookies(await ada.context.cookies())
  for (const path of [
    '/actions?search=ticket',
    '/actions/halo.create_ticket?tab=try',
    '/actions/halo.list_agents_old',
    '/crates/birthday',
    `/waiting/${id}/ask`,
  ]) {
    await visitor.page.goto(path)
    await settled(visitor.page)
    expect.soft(await barriers(visitor.page), path).toEqual([])
    expect.soft(await sideways(visitor.page), path).toBe(0)
  }
  expect(visitor.complaints).toEqual([])
  await visitor.context.close()
})
