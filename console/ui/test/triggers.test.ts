import { execFileSync } from 'node:child_process'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call } from './seed'
import { triggers } from './seed-of-triggers'
import { barriers, openBrowser, settled, setUp, sideways, type Visitor, visit } from './visitor'

// What starts workflows: the list and the pages of triggers, what came and what became of it, and firing by hand.

let house: House
let browser: Browser
let ada: Visitor
let page: Page

const secret = 'correct horse $battery` "staple"'
const whsec = `whsec_${Buffer.from('the key of the sender').toString('base64')}`

beforeAll(async () => {
  house = await openHouse(triggers)
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
  await keep('portal_password', secret)
  await keep('whsec_key', whsec)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  expect(ada.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const dialogue = () => page.getByRole('dialog')
const button = (name: string | RegExp) => page.getByRole('button', { name })
const api = (method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown) =>
  call(ada.context.request, method, path, data)
const keep = (name: string, value: string) =>
  api('PUT', `/organisations/_/variables/${name}`, { type: 'secret', value })
const shown = (workflow: string, trigger: string) =>
  api('GET', `/triggers/${encodeURIComponent(workflow)}/${encodeURIComponent(trigger)}`)
const open = (workflow: string, trigger: string, more = '') =>
  page.goto(`/triggers/${workflow}?trigger=${encodeURIComponent(trigger)}${more}`)
const row = (name: string | RegExp) => page.getByRole('table', { name: 'Triggers' }).getByRole('row', { name })

/** Follows the link to the run that came of an event, and gives its outputs when it has ended. */
async function outputs() {
  await page.getByRole('link', { name: 'Look at the run' }).click()
  await page.getByRole('status').getByText('succeeded').first().waitFor()
  return (await api('GET', `/runs/${page.url().split('/').at(-1)}`)).outputs
}

/** Writes into an editor, in place of what stands there. */
async function write(text: string) {
  await page.getByRole('textbox', { name: 'Data of the event as JSON' }).click()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(text)
}

/** Chooses one of a field's options. */
async function choose(field: string, option: string | RegExp, where: Page | Locator = page) {
  await where.getByLabel(field).first().click()
  await page.getByRole('option', { name: option }).click()
}

describe.sequential('the list of triggers', () => {
  test('tells when the clock fires next, and what the others wait for', async () => {
    await page.goto('/triggers')
    await row('every morning').getByText('at 08:00, Monday to Friday (Europe/London)').waitFor()
    await row('every morning')
      .getByText(/^in \d+ (minutes|hours|days)/)
      .waitFor()
    await row('often').getByText('every 15m').waitFor()
    await row('often')
      .getByText(/^in 1\d minutes/)
      .waitFor()
    await row('new tickets').getByText('halo.new_ticket, every 5s').waitFor()
    await row('after an order').getByText('after hooks/order has succeeded').waitFor()
  })

  test('is narrowed by words, type, workflow and whether they are on; the address says so', async () => {
    await page.getByLabel('Search').pressSequentially('order kind') // faster than the address can follow
    expect(await page.getByLabel('Search').inputValue()).toBe('order kind')
    await expect.poll(() => names()).toEqual(['keyed'])
    await page.getByLabel('Search').fill('')
    await choose('Type', 'schedule')
    await choose('Workflow', 'clock/report')
    await expect.poll(() => names()).toEqual(['every morning', 'not yet'])
    await page.getByText('Off', { exact: true }).click()
    await expect.poll(() => names()).toEqual(['not yet'])
    const address = new URL(page.url())
    expect(Object.fromEntries(address.searchParams)).toEqual({
      type: 'schedule',
      workflow: 'clock/report',
      state: 'off',
    })
    await page.goto(address.href)
    await expect.poll(() => names()).toEqual(['not yet'])
    await page.getByText(/^1 of \d+ triggers$/).waitFor()
  })

  test('is narrowed to those that fire for an organisation', async () => {
    await page.goto('/triggers?workflow=clock%2Freport')
    await expect.poll(() => names()).toHaveLength(5)
    await choose('Fires for', /Northwind Dental/)
    await expect.poll(() => names()).toEqual(['every morning', 'after an order'])
    expect(page.url()).toContain('organisation=northwind-dental')
    await page.getByLabel('Search').fill('nothing like this')
    await page.getByText('Nothing fits what is looked for.').waitFor()
  })

  async function names() {
    const links = page.getByRole('table', { name: 'Triggers' }).getByRole('link')
    return (await links.allInnerTexts()).filter(t => !/\n|started|failed|filtered/.test(t))
  }
})

describe.sequential('a trigger is switched', () => {
  test('off in the list, and on again on its page', async () => {
    await page.goto('/triggers?workflow=clock%2Freport')
    const often = page.getByRole('switch', { name: 'often of clock/report' })
    await often.press('Space')
    await page.getByText('often is off').waitFor()
    await row('often').getByText('does not fire: switched off').waitFor()
    expect(await shown('clock/report', 'often')).toMatchObject({ enabled: false, organisations: 0 })
    await row('often').getByRole('link', { name: 'often' }).click()
    await page.getByText(/does not fire: switched off .*by ada@example.com/).waitFor()
    await often.press('Space')
    await page.getByText('fires for 1 organisation now').waitFor()
    expect(await shown('clock/report', 'often')).toMatchObject({ enabled: true })
  })

  test('for one organisation alone', async () => {
    await open('clock/report', 'every morning', '&tab=organisations')
    await page.getByLabel('Search an organisation').fill('northwind')
    const northwind = page.getByRole('switch', { name: 'every morning of clock/report for Northwind Dental' })
    await northwind.press('Space')
    await page.getByText('every morning is off for Northwind Dental').waitFor()
    await page.getByText('fires for 12 organisations now').waitFor()
    const off = ({ covers }: { covers: { slug: string; enabled: boolean }[] }) =>
      covers.filter(c => !c.enabled).map(c => c.slug)
    expect(off(await shown('clock/report', 'every morning'))).toEqual(['northwind-dental'])
    await northwind.press('Space')
    await page.getByText('every morning is on for Northwind Dental').waitFor()
    expect(off(await shown('clock/report', 'every morning'))).toEqual([])
  })

  test('on against its file, when somebody says so', async () => {
    await open('clock/report', 'not yet')
    const it = page.getByRole('switch', { name: 'not yet of clock/report' })
    await it.press('Space')
    await dialogue().getByText('The file says enabled: false.').waitFor()
    expect((await shown('clock/report', 'not yet')).enabled).toBe(false)
    await dialogue().getByRole('button', { name: 'Switch it on' }).click()
    await page.getByText('fires for 1 organisation now').waitFor()
    await page.getByText('Next times').waitFor()
    await it.press('Space')
    await page.getByText(/does not fire/).waitFor()
  })
})

describe.sequential("a webhook's address", () => {
  const body = `{"kind": "order", "number": 5, "who": "O'Brien \\"$x\\" \`ls\`"}`
  let old = ''

  test('is another for each organisation', async () => {
    await open('hooks/order', 'keyed', '&tab=address')
    await page.getByText('The header X-Portal-Key carries the secret portal_password.').waitFor()
    const address = page.getByTestId('address')
    old = await address.innerText()
    await choose('Address for', 'Northwind Dental')
    await expect.poll(() => address.innerText()).not.toBe(old)
    expect(page.url()).toContain('address=northwind-dental')
    old = await address.innerText()
    expect(old).toMatch(`${house.url}/hooks/`)
  })

  test.each([
    ['keyed', secret],
    ['basic', secret],
    ['signed', secret],
    ['with the time', secret],
    ['standard', whsec],
    ['open', ''],
  ])('the line for curl is accepted as it is, once it has the secret: %s', async (trigger, value) => {
    await open('hooks/order', trigger, '&tab=address')
    await page.getByLabel('Body', { exact: true }).fill(body)
    await button('Copy the call').click()
    const line = await page.evaluate(() => navigator.clipboard.readText())
    expect(line).not.toContain(value || 'SECRET=')
    const status = (script: string) =>
      execFileSync('bash', ['-c', `${script} -s -o /dev/null -w '%{http_code}'`], { encoding: 'utf8' })
    if (value) expect(status(line.replace(/^SECRET=.*$/m, "SECRET='whsec_d3Jvbmc='"))).toBe('401')
    expect(status(line.replace(/^SECRET='.*'$/m, () => `SECRET='${value}'`))).toBe('202')
    const { events } = await api('GET', `/trigger-events?workflow=hooks%2Forder&trigger=${encodeURIComponent(trigger)}`)
    expect(events).toHaveLength(1)
    expect(events[0].data.body).toEqual(JSON.parse(body))
  })

  test('who was turned away is told to the admin, and not to them', async () => {
    await open('hooks/order', 'signed', '&tab=address')
    const refused = page.getByRole('table', { name: 'Requests that were turned away' })
    await refused.getByText('signature').first().waitFor()
    await refused.getByRole('cell', { name: '1', exact: true }).waitFor()
  })

  test('gives way to a new one: the old one is refused at once', async () => {
    const send = async (address: string) =>
      (await fetch(address, { method: 'POST', headers: { 'X-Portal-Key': secret }, body: '{}' })).status
    expect(await send(old)).toBe(202)
    await open('hooks/order', 'keyed', '&tab=address&address=northwind-dental')
    await button('Make a new address').click()
    await dialogue().getByText('whoever sends there gets 404').waitFor()
    await dialogue().getByRole('button', { name: 'Make a new address' }).click()
    await dialogue().waitFor({ state: 'hidden' })
    await expect.poll(() => page.getByTestId('address').innerText()).not.toBe(old)
    expect(await send(old)).toBe(404)
    expect(await send(await page.getByTestId('address').innerText())).toBe(202)
  })
})

describe.sequential('what came', () => {
  const list = () => page.getByRole('list', { name: 'Events' })

  test('is told with what became of it, and why', async () => {
    for (const body of [
      { kind: 'quote', number: 7, customer: { name: 'Dana Reyes', 'odd key': 'x' } },
      { kind: 'order', number: 'seven' },
      { number: 7 },
    ])
      await api('POST', '/triggers/hooks%2Forder/keyed/fire', { data: { body }, organisations: ['contessa-legal-ltd'] })
    await open('hooks/order', 'keyed', '&organisation=contessa-legal-ltd')
    await list().getByText('there is no field `kind`').waitFor()
    await page.getByRole('alert').getByText('where it may be missing').waitFor()
    await list().getByText('cannot start: number needs a whole number').click()
    await page.getByRole('alert').getByText('number needs a whole number').waitFor()
    await list().getByText('filtered').click()
    await page.getByText('The condition was not true. It looked at:').waitFor()
    const looked = page.getByRole('table', { name: 'What the condition looked at' })
    await looked.getByRole('row', { name: 'body.kind "quote"' }).waitFor()
    const chosen = page.url()
    await page.goto(chosen)
    await looked.waitFor()
  })

  test('is narrowed by what became of it', async () => {
    await open('hooks/order', 'keyed')
    await page.getByRole('group', { name: 'Which events' }).getByText('failed').click()
    await expect.poll(() => list().getByRole('listitem').count()).toBe(4)
    expect(page.url()).toContain('status=failed')
    await page.getByRole('group', { name: 'Which events' }).getByText('skipped').click()
    await page.getByText('No event fits what is looked for.').waitFor()
  })

  test('a new one appears by itself', async () => {
    await open('hooks/order', 'open')
    await list().getByText('started a run').waitFor()
    await fetch((await shown('hooks/order', 'open')).covers[0].details.address, { method: 'POST', body: '{}' })
    await expect.poll(() => list().getByRole('listitem').count()).toBe(2)
  })

  test('is fired again, as a new event that names the first', async () => {
    await open('hooks/order', 'open')
    const before = (await api('GET', '/trigger-events?workflow=hooks%2Forder&trigger=open')).events
    await button('Fire it again').click()
    await page.getByText(`repeats ${before[0].id}`).waitFor()
    await page.getByText('fired by ada@example.com').waitFor()
    await page.getByRole('link', { name: 'Look at the run' }).waitFor()
  })

  test('a value of it is put into the condition, which stands and checks in the draft', async () => {
    await open('hooks/order', 'keyed', '&organisation=contessa-legal-ltd&status=filtered')
    const data = page.getByRole('tree', { name: 'Data of the event' })
    await data
      .getByRole('treeitem', { name: /Dana Reyes/ })
      .getByRole('button')
      .first()
      .click()
    const made = page.getByRole('region', { name: 'A condition of chosen values' })
    await made.getByText('Of the one event in the list, what was chosen would let 1 pass and filter 0.').waitFor()
    await expect.poll(() => made.evaluate(e => e.getBoundingClientRect().top < window.innerHeight)).toBe(true)
    await made.getByLabel('What is asked of body.customer.name').selectOption('begins with')
    await made.getByLabel('What body.customer.name is compared with').fill('Dana')
    const when = "body.kind == 'order' && body.?customer.?name.hasValue() && body.customer.name.startsWith('Dana')"
    expect(await made.getByLabel('The condition', { exact: true }).innerText()).toBe(`when: ${when}`)
    await made.getByRole('button', { name: 'Open it in the editor' }).click()
    const editor = page.getByRole('textbox', { name: /^The text of/ })
    await expect.poll(() => editor.innerText()).toContain(`when: ${when}\n`)
    await page.getByText('Checks', { exact: true }).waitFor()
    expect(page.url()).toContain('/workflows/hooks/order')
    await button('Save as draft').click()
    await expect
      .poll(async () => (await api('GET', '/workflows/hooks%2Forder/draft')).draft?.text ?? '')
      .toContain(`when: ${when}\n`)
    expect((await shown('hooks/order', 'keyed')).when).toBe("body.kind == 'order'")
  })
})

describe.sequential('a trigger is fired by hand', () => {
  const last = async (trigger: string) =>
    (await api('GET', `/trigger-events?workflow=hooks%2Forder&trigger=${trigger}&limit=1`)).events[0]

  test('with an event that is written by hand', async () => {
    await open('hooks/order', 'keyed')
    await button('Fire by hand').click()
    await choose('Begin with', 'An empty one')
    await choose('For', 'Bramley Orchards Ltd.', dialogue())
    await write('{"body": ')
    await dialogue().getByText('This is no JSON object yet').waitFor()
    expect(await dialogue().getByRole('button', { name: 'Fire', exact: true }).isDisabled()).toBe(true)
    await write('{"body": {"kind": "order", "number": 41}}')
    await dialogue().getByRole('button', { name: 'Fire', exact: true }).click()
    await dialogue().waitFor({ state: 'hidden' })
    expect(await outputs()).toEqual({ number: 41 })
    const by = 'ada@example.com'
    expect(await last('keyed')).toMatchObject({ organisation: 'bramley-orchards-ltd', by, status: 'started' })
  })

  test('with the one that is looked at, changed, and whatever the condition says', async () => {
    await open('hooks/order', 'keyed', '&status=filtered')
    await page.getByText('The condition was not true').waitFor()
    await page.getByRole('list', { name: 'Events' }).getByRole('button').first().click()
    await button('Fire by hand').click()
    const editor = dialogue().getByRole('textbox', { name: 'Data of the event as JSON' })
    await expect.poll(() => editor.innerText()).toContain('Dana Reyes')
    await write('{"body": {"kind": "quote", "number": 42}}')
    await dialogue().getByLabel('Whatever the condition (when) says').check()
    await dialogue().getByRole('button', { name: 'Fire', exact: true }).click()
    await page.getByText('whatever the condition says').waitFor()
    expect(await last('keyed')).toMatchObject({
      organisation: 'contessa-legal-ltd',
      status: 'started',
      skip_when: true,
    })
  })

  test('always_pass: nothing comes with it, its run gets what the file says', async () => {
    await open('people/starter', 'by hand')
    await page.getByText('It has seen nothing yet').waitFor()
    await button('Fire by hand').click()
    await dialogue().getByText('Its run gets the inputs that the file gives it.').waitFor()
    expect(await dialogue().getByRole('textbox', { name: 'Data of the event as JSON' }).count()).toBe(0)
    await dialogue().getByRole('button', { name: 'Fire', exact: true }).click()
    expect(await outputs()).toEqual({ said: 'nobody 4' })
  })

  test('a form: its fields are filled in, and what is wrong is told there', async () => {
    const sent = '/trigger-events?workflow=people%2Fstarter&trigger=starter%20form'
    await open('people/starter', 'starter form')
    await button('Fill in the form').click()
    const send = dialogue().getByRole('button', { name: 'Send' })
    await dialogue().getByLabel('Devices').fill('7')
    await send.click()
    await dialogue().getByText('Mend what is marked').waitFor()
    const said = (label: RegExp) => dialogue().getByLabel(label).first()
    expect(await said(/^Whose first day/).getAttribute('aria-invalid')).toBe('true')
    await dialogue().getByText('Is missing').waitFor()
    await dialogue().getByText('Must be at most 5').waitFor()
    expect((await api('GET', sent)).events).toEqual([])
    await said(/^Whose first day/).fill('Dana Reyes')
    await said(/^Devices/).fill('3')
    await choose('Licence', 'premium', dialogue())
    await said(/^Works from home/).check()
    await send.click()
    await page.getByRole('link', { name: 'Look at the run' }).waitFor()
    const { events } = await api('GET', sent)
    expect(events[0].data).toEqual({ form: { name: 'Dana Reyes', devices: 3, licence: 'premium', remote: true } })
    expect(await outputs()).toEqual({ said: 'Dana Reyes 3' })
  })
})

describe.sequential('a poll and the end of another workflow', () => {
  test('a poll tells what it asks for, and where it stands', async () => {
    await open('clock/report', 'new tickets')
    await page.getByText('halo.new_ticket').waitFor()
    await page.getByText('waits for the next look').waitFor()
    await page
      .getByText(/^in \d+ seconds|^now/)
      .first()
      .waitFor()
    await page.getByText('It stands at').waitFor()
    await page.getByText('The first look only notes what is there already').waitFor()
  })

  test('what is new comes as an event, with the run that it started', async () => {
    await api('POST', '/actions/halo.create_ticket/call', {
      inputs: { summary: 'A printer burns', client_id: 12, skip_validation: true },
      confirm: true,
    })
    await page.getByText('started a run').first().waitFor()
    await page.getByLabel('Search in Data of the event').fill('printer')
    await page.getByRole('treeitem', { name: /A printer burns/ }).waitFor()
  })

  test('the end of another workflow started one, for the same organisation', async () => {
    await open('clock/report', 'after an order', '&organisation=bramley-orchards-ltd')
    await page.getByRole('link', { name: 'hooks/order' }).first().waitFor()
    await page.getByRole('treeitem', { name: /number.*41/ }).waitFor()
    expect(await outputs()).toEqual({ day: '41' })
  })
})

describe.sequential('a workflow is tested', () => {
  const picker = () => page.getByRole('textbox', { name: 'For which organisation' })
  const form = () => page.getByRole('region', { name: 'What is tested' })
  const field = (name: string | RegExp) => form().getByLabel(name, { exact: true }).first()
  const status = () => page.getByRole('region', { name: 'The run' }).getByRole('status').first()
  const ran = async () => {
    await status().getByText('succeeded').waitFor()
    return api('GET', `/runs/${new URL(page.url()).searchParams.get('run')}`)
  }

  test('for an organisation that is found in the tree, with the keyboard alone', async () => {
    await api('POST', '/organisations', { name: 'Northwind Labs', parent: 'northwind-dental' })
    await page.goto('/test/people/everything')
    await picker().focus()
    const options = page.getByRole('option')
    await options.filter({ hasText: 'Northwind Labs' }).waitFor()
    const names = await options.allInnerTexts()
    const at = (name: string) => names.findIndex(n => n.startsWith(name))
    expect(at('Northwind Labs')).toBe(at('Northwind Dental') + 1)
    const left = async (name: string) =>
      (await options.filter({ hasText: name }).locator('p').first().boundingBox())?.x ?? 0
    expect(await left('Northwind Labs')).toBeGreaterThan(await left('Northwind Dental'))
    await page.keyboard.type('northw')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await picker().inputValue()).toBe('Northwind Labs')
    await expect.poll(() => page.url()).toContain('organisation=northwind-labs')
    await page.keyboard.press('Control+a')
    await page.keyboard.type('nobody of this name')
    await page.getByText('No organisation has this in its name').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await picker().inputValue()).toBe('Northwind Labs')
  })

  test('what is wrong is told at its field', async () => {
    await field('count').fill('9')
    await page.getByText('Is more than 5').waitFor()
    expect(await button('Run').isDisabled()).toBe(true)
    await field('count').fill('4')
    await field('wait').fill('soon')
    await page.getByText('Is no duration such as 30s, 5m, 8h').waitFor()
    await field('wait').fill('30s')
    await field('extra').fill('a: [1')
    await page.getByText(/^Line 1: /).waitFor()
    await field('extra').fill('')
    await button('Run').click()
    await page.getByText('Mend what is marked').waitFor()
    expect(await field(/^name/).getAttribute('aria-invalid')).toBe('true')
    await page.getByText('Is missing', { exact: true }).waitFor()
  })

  test('with inputs of every type, and watched live', async () => {
    await field(/^name/).fill('Dana')
    await choose('licence', 'premium', form())
    await field('price').fill('20.6')
    await field('active').uncheck()
    await choose('maybe', 'no', form())
    await field('words').fill('red')
    await page.keyboard.press('Enter')
    await page.keyboard.type('dark blue')
    await page.keyboard.press('Enter')
    await field('numbers').pressSequentially('1,2')
    await page.keyboard.press('Enter')
    await field('day').fill('2026-12-01')
    await field('at').fill('2026-12-01T08:30')
    await field(/^city/).fill('Leeds')
    await button('Add an entry').click()
    const entry = page.getByRole('group', { name: 'rows, entry 1' })
    await entry.getByLabel(/^id/).fill('7')
    await entry.getByLabel('note').fill('first')
    await field('extra').fill('deep: {er: [1, two]}')
    await button('Run').click()
    await status()
      .getByText(/running|waiting/)
      .waitFor()
    const run = await ran()
    expect(run.organisation).toBe('northwind-labs')
    expect(run.outputs.given).toEqual({
      name: 'Dana',
      licence: 'premium',
      count: 4,
      price: 20.6,
      active: false,
      maybe: false,
      words: ['red', 'dark blue'],
      numbers: [1, 2],
      day: '2026-12-01',
      at: '2026-12-01T08:30:00Z',
      wait: '30s',
      address: { city: 'Leeds' },
      rows: [{ id: 7, note: 'first' }],
      extra: { deep: { er: [1, 'two'] } },
    })
  })

  test('once more with what was given last, also when the page was left', async () => {
    await page.goto('/test/people/everything?organisation=northwind-labs')
    await expect.poll(() => field(/^name/).inputValue()).toBe('Dana')
    await field(/^name/).fill('Kim')
    await button('Run').click()
    await ran()
    await button('Inputs').click()
    expect(await field(/^name/).inputValue()).toBe('Kim')
    await field('price').fill('')
    await button('Run again').click()
    await expect.poll(async () => (await api('GET', '/runs?workflow=people%2Feverything')).runs.length).toBe(3)
  })

  test('by an event of its past, for another organisation and with another body', async () => {
    await page.goto('/test/hooks/order?trigger=keyed&organisation=northwind-dental')
    await page.getByText('The trigger covers 15 organisations, Northwind Dental among them.').waitFor()
    await field('Begin with').click()
    await page.getByRole('option', { name: /^filtered · Contessa Legal Ltd/ }).click()
    const editor = page.getByRole('textbox', { name: 'Data of the event as JSON' })
    await expect.poll(() => editor.innerText()).toContain('Dana Reyes')
    await button('Fire').click()
    await page.getByText('No run began: the event is filtered.').waitFor()
    await page.getByText(/When is not true: body.kind == 'order'/).waitFor()
    await write('{"body": {"kind": "order", "number": 43}}')
    await button('Fire').click()
    expect(await ran()).toMatchObject({ organisation: 'northwind-dental', outputs: { number: 43 } })
  })

  test('by a form, whose fields are filled in here, too', async () => {
    await page.goto('/test/people/starter?trigger=starter%20form')
    await field(/^Whose first day/).fill('')
    await button('Send').click()
    await page.getByText('Must not be empty').or(page.getByText('Is missing')).waitFor()
    await field(/^Whose first day/).fill('Robin')
    await button('Send').click()
    expect((await ran()).outputs).toEqual({ said: 'Robin 3' })
  })

  test('for an organisation that the trigger does not cover, that is said', async () => {
    await page.goto('/test/clock/report?trigger=every%20morning')
    await page.getByText('The trigger does not cover this organisation').waitFor()
    await button('Fire').click()
    await page.getByRole('alert').getByText('does not fire for Acme MSP').waitFor()
  })
})

test('outside the sandbox it is told what of a test is real', async () => {
  const real = await openHouse(triggers, { sandbox: false })
  const visitor = await visit(browser, real.url)
  try {
    await setUp(visitor.page, real.setUp)
    await visitor.page.goto('/test/tickets/close')
    await visitor.page.getByText('This is done for real: note writes to the other systems.').waitFor()
    await visitor.page.goto('/test/people/everything')
    await visitor.page.getByText('It only reads: nothing is changed in other systems.').waitFor()
    await visitor.page.goto('/triggers/people/starter?trigger=by%20hand')
    await visitor.page.getByRole('button', { name: 'Fire by hand' }).click()
    await visitor.page.getByText('The run that it starts is real').waitFor()
    expect(visitor.complaints).toEqual([])
  } finally {
    await visitor.context.close()
    await real.stop()
  }
})

test('everything can be read and reached, in the dark and on a phone', async () => {
  const look = { width: 390, height: 844, dark: true }
  const visitor = await visit(browser, house.url, look)
  await visitor.context.addCookies(await ada.context.cookies())
  const order = '/triggers/hooks/order?trigger=keyed'
  for (const path of [
    `${order}&status=filtered`,
    `${order}&tab=address`,
    `${order}&tab=organisations`,
    `${order}&tab=yaml`,
    '/test/people/everything',
    '/test/hooks/order?trigger=keyed',
  ]) {
    await visitor.page.goto(path)
    await settled(visitor.page)
    expect.soft(await barriers(visitor.page), path).toEqual([])
    expect.soft(await sideways(visitor.page), path).toBe(0)
  }
  await visitor.page.goto('/triggers/people/starter?trigger=starter%20form')
  await visitor.page.getByRole('button', { name: 'Fill in the form' }).click()
  await visitor.page.getByRole('button', { name: 'Send' }).click()
  await visitor.page.getByText('Mend what is marked').waitFor()
  expect.soft(await barriers(visitor.page)).toEqual([])
  expect.soft(await sideways(visitor.page)).toBe(0)
  expect(visitor.complaints).toEqual([])
  await visitor.context.close()
})
