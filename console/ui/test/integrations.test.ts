import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call } from './seed'
import { barriers, openBrowser, settled, setUp, sideways, signIn, type Visitor, visit } from './visitor'

// What an MSP admin does with instances of HaloPSA, and on the mapping page. The sandbox has one instance, of the MSP, under
// which it and its thirteen clients of Halo are mapped.

const lends = `title: Look at a ticket of the second Halo
tasks:
  look:
    action: halo.get_ticket
    integration: {use: instance, name: Second Halo}
    with: {ticket_id: 2045}
`
const right = 'b2d4c6e8-sandbox-only-5f3a9d17c0e4'

let house: House
let browser: Browser
let ada: Visitor
let page: Page
let config: Record<string, string>
const answers: Promise<string>[] = []

beforeAll(async () => {
  house = await openHouse({ 'workflows/lends.yaml': lends })
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  page.on('response', r => {
    const stream = r.headers()['content-type']?.includes('event-stream') // it ends with the page
    if (!stream) answers.push(r.text().catch(() => ''))
  })
  await setUp(page, house.setUp)
  config = (await api('GET', '/organisations/_/instances/halo')).config
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  expect(ada.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const dialogue = () => page.getByRole('dialog')
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const instance = (name: string) => page.getByRole('region', { name, exact: true })
const api = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, data?: unknown) =>
  call(ada.context.request, method, path, data)
const kept = async (name: string) =>
  (await api('GET', '/instances')).instances.find((i: { name: string }) => i.name === name)

/** Presses the button of the dialogue that does it, and waits until it is done. */
async function go(name: string) {
  await dialogue().getByRole('button', { name, exact: true }).click()
  await dialogue().waitFor({ state: 'hidden' })
}

/** Fills in the form of an instance. */
async function fill(secret: string) {
  await dialogue()
    .getByLabel(/^Resource Server/)
    .fill(config.resource_server ?? '')
  await dialogue()
    .getByLabel(/^Client ID/)
    .fill(config.client_id ?? '')
  await dialogue()
    .getByLabel(/^Client Secret/)
    .fill(secret)
  await dialogue()
    .getByLabel(/^Tenant ID/)
    .fill(config.tenant ?? '')
}

async function more(name: string, item: string) {
  await button(`More for ${name}`).click()
  await page.getByRole('menuitem', { name: item }).click()
}

describe.sequential('a second instance', () => {
  test('what is missing is told at the fields, and the first of them is gone to', async () => {
    await page.goto('/integrations')
    await page.getByRole('link', { name: 'HaloPSA' }).first().click()
    await button('Configure').click()
    await dialogue().getByRole('button', { name: 'Test and save' }).click()
    await dialogue().getByText('Is needed').first().waitFor()
    const field = dialogue().getByLabel(/^Resource Server/)
    expect(await field.evaluate(e => e === document.activeElement)).toBe(true)
  })

  test('settings that do not work are told, with what to do', async () => {
    await fill('not the secret')
    await dialogue().getByLabel('Name', { exact: true }).fill('Second Halo')
    await button('Test settings').click()
    await dialogue().getByText('The connection does not work yet').waitFor()
    await dialogue().getByText('Sign in as an agent').waitFor()
    await dialogue()
      .getByText(/Compare the client id/)
      .waitFor()
    expect(await dialogue().innerText()).not.toContain('gantry ')
  })

  test('it is saved when they work', async () => {
    await dialogue()
      .getByLabel(/^Client Secret/)
      .fill(right)
    await button('Test settings').click()
    await dialogue().getByText('Connection successful').waitFor()
    await go('Test and save')
    await instance('Second Halo')
      .getByText(/^worked/)
      .waitFor()
    expect(await kept('Second Halo')).toMatchObject({ default: false, organisation: 'acme-msp' })
  })

  test('it is tested again and again', async () => {
    for (let i = 0; i < 2; i++) {
      await instance('Second Halo').getByRole('button', { name: 'Test' }).click()
      await instance('Second Halo').getByText('Connection successful').waitFor()
    }
  })

  test('it is made the default', async () => {
    await more('Second Halo', 'Make it the default')
    await instance('Second Halo').getByText('default', { exact: true }).waitFor()
    expect((await kept('Second Halo')).default).toBe(true)
    expect((await kept('Acme Halo (sandbox)')).default).toBe(false)
    await more('Acme Halo (sandbox)', 'Make it the default')
    await instance('Acme Halo (sandbox)').getByText('default', { exact: true }).waitFor()
  })

  test('one that workflows name is not removed just so', async () => {
    await more('Second Halo', 'Remove')
    await dialogue().getByRole('button', { name: 'Remove' }).click()
    await dialogue()
      .getByText(/Second Halo is in use: it is named in overrides of lends/)
      .waitFor()
    await go('Leave it')
  })

  test('renamed, it is told which workflows name it by the old name', async () => {
    await more('Second Halo', 'Rename')
    await dialogue().getByLabel('Name', { exact: true }).fill('Spare Halo')
    await go('Rename')
    await page.getByText('Change these workflows, which name it by the old name: lends').waitFor()
    await instance('Spare Halo').waitFor()
    expect(await kept('Second Halo')).toBeUndefined()
  })

  test('a new secret is tested before it counts', async () => {
    await more('Spare Halo', 'Give it a new secret')
    await dialogue().getByLabel('Client Secret').fill('not the secret')
    await dialogue().getByRole('button', { name: 'Test and save' }).click()
    await dialogue().getByText('The connection does not work yet').waitFor()
    await dialogue().getByLabel('Client Secret').fill(right)
    await go('Test and save')
    await page.getByText('Spare Halo works with its new secret.').waitFor()
  })

  test('it is removed', async () => {
    await more('Spare Halo', 'Remove')
    await go('Remove')
    await instance('Spare Halo').waitFor({ state: 'hidden' })
    expect(await kept('Spare Halo')).toBeUndefined()
  })

  test('one that organisations are mapped under goes with their mappings only when its name was typed', async () => {
    await more('Acme Halo (sandbox)', 'Remove')
    await dialogue().getByText('14 organisations are mapped under it').waitFor()
    await dialogue().getByText('Bramley Orchards Ltd.').waitFor()
    const remove = dialogue().getByRole('button', { name: 'Remove' })
    expect(await remove.isDisabled()).toBe(true)
    await dialogue()
      .getByLabel(/^Type Acme Halo/)
      .fill('Acme Halo (sandbox)')
    expect(await remove.isDisabled()).toBe(false)
    await go('Leave it')
  })
})

describe.sequential("an organisation's own instance", () => {
  test('without one its page says what it is lent', async () => {
    await page.goto('/organisations/contessa-legal-ltd?tab=integrations')
    await page.getByText('Contessa Legal Ltd has no instance of its own').waitFor()
    await page
      .getByRole('region', { name: 'HaloPSA lent by the MSP' })
      .getByRole('link', { name: 'Acme Halo (sandbox)' })
      .waitFor()
  })

  test('one that does not work yet is saved all the same when that is meant', async () => {
    await button('Configure an integration').click()
    await page.getByRole('menuitem', { name: 'HaloPSA' }).click()
    await fill('not the secret')
    await dialogue().getByLabel('Name', { exact: true }).fill('Contessa Halo')
    await dialogue().getByRole('button', { name: 'Test and save' }).click()
    await dialogue().getByText('The connection does not work yet').waitFor()
    expect(await kept('Contessa Halo')).toBeUndefined()
    await go('Save it all the same')
    await instance('Contessa Halo')
      .getByText(/^failed/)
      .waitFor()
    expect(await kept('Contessa Halo')).toMatchObject({ organisation: 'contessa-legal-ltd', default: true })
  })

  test('it is seen among the integrations that it does not work', async () => {
    await page.goto('/integrations')
    await page.getByRole('region', { name: 'HaloPSA' }).getByText('last test failed').waitFor()
    await page.getByRole('link', { name: 'HaloPSA' }).first().click()
    await instance('Contessa Halo').getByRole('button', { name: 'Test' }).click()
    await instance('Contessa Halo').getByText('The connection does not work yet').waitFor()
  })

  test('its settings are changed until they work; what is not touched stays', async () => {
    await instance('Contessa Halo').getByRole('button', { name: 'Change' }).click()
    const save = dialogue().getByRole('button', { name: 'Test and save' })
    expect(await save.isDisabled()).toBe(true)
    expect(
      await dialogue()
        .getByLabel(/^Client Secret/)
        .inputValue(),
    ).toBe('')
    await dialogue()
      .getByLabel(/^Client Secret/)
      .fill(right)
    await go('Test and save')
    await instance('Contessa Halo')
      .getByText(/^worked/)
      .waitFor()
    await page.getByText('configured', { exact: true }).waitFor()
    expect((await kept('Contessa Halo')).config).toMatchObject(config)
  })

  test('no secret is shown, and none was sent', async () => {
    expect(await page.content()).not.toContain('sandbox-only')
    expect((await Promise.all(answers)).filter(text => text.includes('sandbox-only'))).toEqual([])
  })
})

const picker = (organisation: string) => page.getByRole('textbox', { name: `What ${organisation} is` })
const cell = (organisation: string) => page.getByRole('button', { name: new RegExp(`^${organisation}[^:]*: .*Pick`) })
const lines = () => page.getByRole('region', { name: /^Organisations and what they are/ }).getByRole('listitem')
const line = (organisation: string) => lines().filter({ has: cell(organisation) })
const mappedTo = async (slug: string) =>
  (await api('GET', `/mappings?organisation=${slug}`)).mappings[0]?.external_name as string | undefined
const only = (filter: RegExp) => page.getByRole('radiogroup').getByText(filter).click()

describe.sequential('the mapping page', () => {
  beforeAll(async () => {
    await api('POST', '/organisations', { name: 'Kestrel Logistics' })
    for (const slug of ['kestrel-freight-co', 'lumen-optics-uk-limited', 'northwind-dental'])
      await api('DELETE', `/organisations/${slug}/mappings/halo`)
  })

  test('what the other system has is read first', async () => {
    await page.goto('/integrations/halo/mapping')
    await page.getByText('Read the entities of HaloPSA first').waitFor()
    expect(await cell('Northwind Dental').isDisabled()).toBe(true)
    await button('Refresh options').first().click()
    await page.getByText(/entities of Acme Halo \(sandbox\), read/).waitFor()
  })

  test('it is searched by either side, and what is not mapped is looked at alone', async () => {
    const search = page.getByRole('textbox', { name: 'Search an organisation or an entity' })
    await search.fill('bramley')
    await line('Northwind Dental').waitFor({ state: 'hidden' })
    await expect.poll(() => lines().count()).toBe(1)
    await search.fill('')
    await only(/^Unmatched 4/)
    await line('Kestrel Logistics').waitFor()
    await expect.poll(() => lines().count()).toBe(4)
    expect(page.url()).toContain('show=unmatched')
  })

  test('one is changed by hand, one is cleared, and one is put back', async () => {
    await cell('Kestrel Logistics').click()
    await picker('Kestrel Logistics').fill('kestrel')
    await page.getByRole('option', { name: /Kestrel Freight/ }).click()
    await only(/^All/)
    await line('Kestrel Logistics').getByText('new').waitFor()
    await button('Bramley Orchards Ltd.: clear').click()
    await line('Bramley Orchards').getByText('to be removed').waitFor()
    await button('Contessa Legal Ltd: clear').click()
    await button('Contessa Legal Ltd: as it was').click()
    await only(/^Changed 2/)
    await expect.poll(() => lines().count()).toBe(2)
    expect(await mappedTo('bramley-orchards-ltd')).toBe('Bramley Orchards Ltd.')
  })

  test('nobody leaves with unsaved changes by mistake', async () => {
    await page.getByRole('link', { name: 'HaloPSA' }).click()
    await dialogue().getByText('2 changes are not saved yet.').waitFor()
    await go('Stay here')
    const asked = page.waitForEvent('dialog')
    await page.evaluate(() => setTimeout(() => location.reload()))
    const ask = await asked
    expect(ask.type()).toBe('beforeunload')
    await ask.dismiss()
    await line('Kestrel Logistics').getByText('new').waitFor()
  })

  test('they are saved together', async () => {
    await button('Save mappings (2)').click()
    await dialogue().getByRole('heading', { name: 'New: 1' }).waitFor()
    await dialogue().getByRole('heading', { name: 'To be removed: 1' }).waitFor()
    await go('Save 2 changes')
    await page.getByText('2 mappings are saved.').waitFor()
    expect(await mappedTo('kestrel-logistics')).toBe('Kestrel Freight & Co.')
    expect(await mappedTo('bramley-orchards-ltd')).toBeUndefined()
  })

  test('an entity for two organisations is refused unless that is meant', async () => {
    await page.goto('/integrations/halo/mapping')
    await cell('Northwind Dental').click()
    await picker('Northwind Dental').fill('contessa')
    await page.getByRole('option', { name: /taken by Contessa Legal Ltd/ }).click()
    await line('Northwind Dental')
      .getByText(/Contessa Legal Ltd would be the same/)
      .waitFor()
    await button('Save mappings (1)').click()
    await dialogue().getByText('It cannot be saved so').waitFor()
    expect(await dialogue().innerText()).not.toContain('--')
    const save = dialogue().getByRole('button', { name: 'Save 1 change' })
    expect(await save.isDisabled()).toBe(true)
    await dialogue().getByLabel('Let several organisations be one entity').check()
    await dialogue().getByText('It cannot be saved so').waitFor({ state: 'hidden' })
    await go('Back to the table')
    await button('Northwind Dental: as it was').click()
  })
})

describe.sequential('somebody else saves meanwhile', () => {
  const theirs = (slug: string, id: string) => api('PUT', `/organisations/${slug}/mappings/halo`, { id })
  const idOf = async (name: string) => {
    const { entities } = await api('GET', '/mapping-options/halo')
    return entities.find((e: { name: string }) => e.name === name).id as string
  }

  test('the page tells it beside what was chosen', async () => {
    await cell('Northwind Dental').click()
    await picker('Northwind Dental').fill('northwind')
    await page.getByRole('option', { name: /^Northwind Dental/ }).click()
    await theirs('northwind-dental', await idOf('Bramley Orchards Ltd.'))
    await line('Northwind Dental')
      .getByText('ada@example.com has saved Bramley Orchards Ltd. for Northwind Dental meanwhile')
      .waitFor()
  })

  test('and does not save over it', async () => {
    await button('Save mappings (1)').click()
    await dialogue()
      .getByText(/has saved Bramley Orchards Ltd. for Northwind Dental meanwhile/)
      .waitFor()
    expect(await dialogue().getByRole('button', { name: 'Save 1 change' }).isDisabled()).toBe(true)
    await go('Back to the table')
  })

  test('picked again, it takes its place', async () => {
    await cell('Northwind Dental').click()
    await picker('Northwind Dental').fill('northwind')
    await page.getByRole('option', { name: /^Northwind Dental/ }).click()
    await line('Northwind Dental').getByText('changed, was Bramley Orchards Ltd.').waitFor()
    await button('Save mappings (1)').click()
    await go('Save 1 change')
    expect(await mappedTo('northwind-dental')).toBe('Northwind Dental')
  })

  test('also what is saved while the question is open is not lost', async () => {
    await cell('Northwind Dental').click()
    await picker('Northwind Dental').fill('lumen')
    await page.getByRole('option', { name: /^Lumen Optics/ }).click()
    await button('Save mappings (1)').click()
    await dialogue().getByText('Changed: 1').waitFor()
    const save = dialogue().getByRole('button', { name: 'Save 1 change' })
    await dialogue().getByLabel('One moment').waitFor({ state: 'detached' })
    await theirs('northwind-dental', await idOf('Bramley Orchards Ltd.'))
    await save.click()
    await dialogue().getByText('It cannot be saved so').waitFor()
    expect(await mappedTo('northwind-dental')).toBe('Bramley Orchards Ltd.')
    await go('Back to the table')
    await button('Undo all changes').click()
  })
})

describe.sequential('the other system cannot be read', () => {
  const rotate = (secret: string) =>
    api('POST', '/organisations/_/instances/halo/rotate', { secret, field: 'client_secret', force: true })

  test('the page says what to do, and keeps what was read', async () => {
    await rotate('no longer the secret')
    await button('Refresh options').click()
    const alert = page.getByRole('alert').filter({ hasText: 'could not be read' })
    await alert.getByText(/make a new client secret if this one may have expired/).waitFor()
    expect(await alert.innerText()).not.toContain('gantry ')
    await cell('Northwind Dental').click()
    await page.getByRole('option', { name: /Lumen Optics/ }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('it leads to the instance, where it is mended', async () => {
    await page.getByRole('link', { name: 'Test and change Acme Halo (sandbox)' }).click()
    await more('Acme Halo (sandbox)', 'Give it a new secret')
    await dialogue().getByLabel('Client Secret').fill(right)
    await go('Test and save')
    await page.goto('/integrations/halo/mapping')
    await button('Refresh options').click()
    await page.getByText(/entities of HaloPSA are read/).waitFor()
  })
})

describe.sequential('by keyboard alone', () => {
  const focused = (what: Locator) => what.evaluate(e => e === document.activeElement)

  /** Presses Tab until it is there. */
  async function tabTo(what: Locator) {
    await what.waitFor()
    await expect.poll(() => what.isEnabled()).toBe(true)
    for (let i = 0; i < 120; i++) {
      if (await focused(what)) return
      await page.keyboard.press('Tab')
    }
    throw new Error('the keyboard does not get there')
  }

  test('an organisation is mapped, and the keyboard stays where it was', async () => {
    await page.goto('/integrations/halo/mapping?search=kestrel')
    await tabTo(cell('Kestrel Freight & Co.'))
    await page.keyboard.press('Enter')
    await page.keyboard.insertText('lumen')
    await page.keyboard.press('Enter')
    await line('Kestrel Freight').getByText('Lumen Optics (UK) Limited').waitFor()
    await expect.poll(() => focused(cell('Kestrel Freight & Co.'))).toBe(true)
  })

  test('a pick is given up, and a change put back', async () => {
    await page.keyboard.press('Enter')
    await picker('Kestrel Freight & Co.').waitFor()
    await page.keyboard.press('Escape')
    await picker('Kestrel Freight & Co.').waitFor({ state: 'detached' })
    await expect.poll(() => focused(cell('Kestrel Freight & Co.'))).toBe(true)
    await page.keyboard.press('Tab')
    await expect.poll(() => focused(button('Kestrel Freight & Co.: as it was'))).toBe(true)
    await page.keyboard.press('Enter')
    await line('Kestrel Freight').getByText('not mapped').waitFor()
    await expect.poll(() => focused(cell('Kestrel Freight & Co.'))).toBe(true)
  })

  test('suggestions are asked for, accepted and saved', async () => {
    await page.goto('/integrations/halo/mapping?search=lumen')
    await tabTo(button('Suggest values'))
    await page.keyboard.press('Enter')
    const offer = page.getByRole('button', { name: /^Lumen Optics.*Accept it/ })
    await tabTo(offer)
    await page.keyboard.press('Enter')
    await offer.waitFor({ state: 'detached' })
    await expect.poll(() => focused(cell('Lumen Optics'))).toBe(true)
    await tabTo(button('Save mappings (1)'))
    await page.keyboard.press('Enter')
    await tabTo(dialogue().getByRole('button', { name: 'Save 1 change' }))
    await page.keyboard.press('Enter')
    await dialogue().waitFor({ state: 'hidden' })
    expect(await mappedTo('lumen-optics-uk-limited')).toBe('Lumen Optics (UK) Limited')
  })
})

test("under a client's own instance only the client and those below are mapped", async () => {
  await page.goto('/integrations/halo/mapping')
  await page.getByRole('combobox', { name: 'Mapped under which instance' }).click()
  await page.getByRole('option', { name: 'Contessa Halo (Contessa Legal Ltd)' }).click()
  await button('Refresh options').first().click()
  await page.getByText(/entities of Contessa Halo, read/).waitFor()
  await expect.poll(() => lines().count()).toBe(1)
  await line('Contessa Legal Ltd').getByText('mapped under another instance, Acme Halo (sandbox)').waitFor()
  expect(await cell('Contessa Legal Ltd').isDisabled()).toBe(true)
})

describe('on a phone, in the dark', () => {
  let phone: Visitor

  beforeAll(async () => {
    phone = await visit(browser, house.url, { width: 390, height: 844, dark: true })
    await signIn(phone.page, 'ada@example.com')
  })

  afterAll(() => phone.context.close())

  test.each([
    ['the form of an instance', '/integrations/halo?configure=new', 'Where HaloPSA runs'],
    ['the mapping with suggestions', '/integrations/halo/mapping?suggest=yes', 'entities of Acme Halo (sandbox)'],
  ])('%s', async (_, path, shows) => {
    await phone.page.goto(path)
    await phone.page.getByText(shows).first().waitFor()
    await settled(phone.page)
    expect(await sideways(phone.page), 'scrolls sideways').toBeLessThanOrEqual(0)
    expect(await barriers(phone.page)).toEqual([])
    expect(phone.complaints).toEqual([])
  })
})
