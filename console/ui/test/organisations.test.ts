import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call } from './seed'
import { barriers, openBrowser, settled, setUp, sideways, signIn, type Visitor, visit } from './visitor'

// What an MSP admin does with organisations: the tree, imports, and variables. The sandbox has thirteen clients of Halo,
// all of them organisations already.

let house: House
let browser: Browser
let ada: Visitor
let page: Page
const answers: Promise<string>[] = []

beforeAll(async () => {
  house = await openHouse()
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  page.on('response', r => {
    const stream = r.headers()['content-type']?.includes('event-stream') // it ends with the page
    if (!stream) answers.push(r.text().catch(() => ''))
  })
  await setUp(page, house.setUp)
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
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const api = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, data?: unknown) =>
  call(ada.context.request, method, path, data)
const organisation = (slug: string) => api('GET', `/organisations/${slug}`)

/** Opens the page of an organisation, or a part of it. */
async function show(slug: string, name: string, tab = 'overview') {
  await page.goto(`/organisations/${slug}?tab=${tab}`)
  await heading(name)
}

/** Presses the button of the dialogue that does it, and waits until it is done. */
async function go(name: string) {
  await dialogue().getByRole('button', { name, exact: true }).click()
  await dialogue().waitFor({ state: 'hidden' })
}

/** Picks an organisation in the dialogue. */
async function pick(label: string, name: string) {
  await dialogue().getByRole('textbox', { name: label }).fill(name)
  await page.getByRole('option', { name: new RegExp(name) }).click()
}

describe.sequential('the tree', () => {
  test('an organisation is added below another', async () => {
    await show('contessa-legal-ltd', 'Contessa Legal Ltd')
    await button('Add one below').click()
    await dialogue().getByLabel(/^Name/).fill('Contessa Leeds')
    expect(await dialogue().getByRole('textbox', { name: 'Below' }).inputValue()).toBe('Contessa Legal Ltd')
    await dialogue().getByRole('combobox', { name: 'Tags' }).fill('gold')
    await page.keyboard.press('Enter')
    await go('Add')
    await heading('Contessa Leeds')
    expect(await organisation('contessa-leeds')).toMatchObject({ parent: 'contessa-legal-ltd', tags: ['gold'] })
  })

  test('renamed, it is still found by its old slug', async () => {
    await button('Rename').click()
    await dialogue().getByLabel(/^Name/).fill('Leeds Office')
    await dialogue().getByLabel(/^Slug/).fill('leeds')
    await go('Rename')
    await heading('Leeds Office')
    expect(new URL(page.url()).pathname).toBe('/organisations/leeds')
    await page.goto('/organisations/contessa-leeds')
    await heading('Leeds Office')
    await page.getByText('Also found by').waitFor()
  })

  test('a slug that is taken is refused, with why', async () => {
    await button('Rename').click()
    await dialogue().getByLabel(/^Slug/).fill('northwind-dental')
    await dialogue().getByRole('button', { name: 'Rename' }).click()
    await dialogue()
      .getByRole('alert')
      .getByText(/northwind-dental/)
      .first()
      .waitFor()
    await go('Leave it')
  })

  test('tags are given and taken', async () => {
    await button('Change tags').click()
    const tags = dialogue().getByRole('combobox', { name: 'Tags' })
    await tags.press('Backspace')
    await tags.fill('legal')
    await tags.press('Enter')
    await go('Save tags')
    await page.getByRole('region', { name: 'What it is' }).getByText('legal').waitFor()
    expect((await organisation('leeds')).tags).toEqual(['legal'])
  })

  test('moved, it is told what it no longer inherits', async () => {
    await api('PUT', '/organisations/contessa-legal-ltd/variables/solicitor', { value: 'Ines' })
    await button('Move').click()
    await pick('Below', 'Northwind Dental')
    await go('Move')
    await page.getByText('It no longer inherits: solicitor').waitFor()
    await page.getByRole('navigation', { name: 'Where this is' }).getByText('Northwind Dental').waitFor()
    expect((await organisation('leeds')).parent).toBe('northwind-dental')
  })

  test('it cannot be moved below one that stands below it', async () => {
    await show('northwind-dental', 'Northwind Dental')
    await button('Move').click()
    await pick('Below', 'Leeds Office')
    await dialogue().getByRole('button', { name: 'Move' }).click()
    await dialogue().getByRole('alert').waitFor()
    await go('Leave it')
    expect((await organisation('northwind-dental')).parent).toBe('acme-msp')
  })

  test('switched off, no runs begin for it', async () => {
    await show('leeds', 'Leeds Office')
    await button('Switch off').click()
    await page.getByText('switched off', { exact: true }).waitFor()
    const start = api('POST', '/runs', { workflow: 'hello', organisation: 'leeds', inputs: {} })
    await expect(start).rejects.toThrow(/Leeds Office is disabled/)
    await button('Switch on').click()
    await button('Switch off').waitFor()
    expect((await organisation('leeds')).enabled).toBe(true)
  })

  test('it is searched, with those above it, and linked to as it is shown', async () => {
    await page.goto('/organisations')
    const tree = page.getByRole('region', { name: 'Organisations' })
    await tree.getByRole('listitem').nth(5).waitFor()
    await page.getByRole('textbox', { name: 'Search an organisation' }).fill('LEEDS')
    await page.getByText('1 of 15 organisations').waitFor()
    const found = await tree.getByRole('listitem').getByRole('link').allInnerTexts()
    expect(found).toEqual(['Acme MSP', 'Northwind Dental', 'Leeds Office'])
    expect(page.url()).toContain('search=LEEDS')
    await page.getByRole('textbox', { name: 'Search an organisation' }).fill('nobody at all')
    await page.getByText('No organisation fits').waitFor()
  })

  test('those below one are folded away by keyboard', async () => {
    await page.goto('/organisations')
    await button('Northwind Dental: hide the 1 below').press('Enter')
    await page.getByRole('link', { name: 'Leeds Office' }).waitFor({ state: 'hidden' })
    await button('Northwind Dental: show the 1 below').press('Enter')
    await page.getByRole('link', { name: 'Leeds Office' }).waitFor()
  })
})

describe.sequential('organisations are removed', () => {
  const removed = (name: string) =>
    page.getByRole('table', { name: 'Removed organisations' }).getByRole('row', { name: new RegExp(name) })

  test('it is told who goes along, and nothing goes before that is meant', async () => {
    await show('northwind-dental', 'Northwind Dental')
    await button('Remove').click()
    await dialogue().getByText('Leeds Office').waitFor()
    const remove = dialogue().getByRole('button', { name: 'Remove' })
    expect(await remove.isDisabled()).toBe(true)
    await dialogue().getByLabel('Remove all 2 of them').check()
    await go('Remove')
    await heading('Organisations')
    const { organisations } = await api('GET', '/organisations?removed=true')
    expect(organisations.map((o: { slug: string }) => o.slug).toSorted()).toEqual(['leeds', 'northwind-dental'])
  })

  test('one whose parent is removed is not restored without it', async () => {
    await page.getByText('Removed', { exact: true }).click()
    await removed('Leeds Office').getByText('Northwind Dental').waitFor()
    await removed('Leeds Office').getByRole('button', { name: 'Restore' }).click()
    await page.getByText('The parent of Leeds Office is removed.').waitFor()
  })

  test('they are restored together, with what they had', async () => {
    await removed('northwind-dental').getByRole('button', { name: 'Restore' }).first().click()
    await page.getByText('Northwind Dental is back, with 1 below it.').waitFor()
    await page.getByText('Nothing was removed').waitFor()
    expect((await organisation('leeds')).parent).toBe('northwind-dental')
    const { mappings } = await api('GET', '/mappings?organisation=northwind-dental')
    expect(mappings[0].external_name).toBe('Northwind Dental')
  })

  test('one is deleted for good, when its slug was typed', async () => {
    await api('DELETE', '/organisations/northwind-dental?with_children=true')
    await removed('Leeds Office').waitFor() // the page hears of it by itself
    await button('Delete Northwind Dental for good').click()
    await dialogue().getByRole('listitem').getByText('Leeds Office').waitFor()
    const word = dialogue().getByLabel('Type northwind-dental to go on')
    await word.fill('northwind')
    expect(await dialogue().getByRole('button', { name: 'Delete all 2' }).isDisabled()).toBe(true)
    await word.fill('northwind-dental')
    await go('Delete all 2')
    await page.getByText('Nothing was removed').waitFor()
    expect((await api('GET', '/organisations?removed=true')).organisations).toEqual([])
  })

  test('its slug stays taken', async () => {
    await button('New organisation').click()
    await dialogue().getByLabel(/^Name/).fill('Another Dentist')
    await dialogue().getByLabel('Slug').fill('leeds')
    await dialogue().getByRole('button', { name: 'Add' }).click()
    await dialogue().getByRole('alert').getByText(/leeds/).first().waitFor()
    await go('Leave it')
  })

  test('of those removed long ago it is told that there are none', async () => {
    await api('DELETE', '/organisations/st-aldhelms-academy-trust')
    await button(/^Delete what was removed 30 days ago/).click()
    await dialogue().getByText('No organisation was removed 30 days ago or earlier.').waitFor()
    expect(await dialogue().getByRole('button', { name: 'Delete for good' }).isDisabled()).toBe(true)
    await go('Leave it')
  })
})

/** A file, as it lies beside the project. */
function file(name: string, text: string): string {
  const path = join(house.project, '..', name)
  writeFileSync(path, text)
  return path
}

/** Opens a dialogue of the menu of imports. */
async function imports(item: string) {
  await page.goto('/organisations')
  await button('Import and export').click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function choose(path: string) {
  const chooser = page.waitForEvent('filechooser')
  await dialogue()
    .getByRole('button', { name: /^(File|Table)/ })
    .click()
  await (await chooser).setFiles(path)
}

const count = async () => (await api('GET', '/organisations')).organisations.length

describe.sequential('a table is imported', () => {
  const clients = `name;slug;parent;tags;var:seats:number
Contoso Ltd;contoso;;managed,gold;40
Contoso Berlin;;contosso;;12
Fabrikam;;;;twelve
Northwind Traders;northwind-traders;contoso;;
`
  const line = (n: number) => dialogue().getByRole('row', { name: new RegExp(`line ${n} `) })

  test('mistakes are told by their line, and nothing is done yet', async () => {
    const before = await count()
    await imports('From a table (CSV)')
    await choose(file('clients.csv', clients))
    await button('Look what would be done').click()
    await dialogue().getByText('It would be so: 2 failed, 2 imported.').waitFor()
    await line(3).getByText('Did you mean "contoso"?').waitFor()
    await line(4)
      .getByText(/seats needs a number/)
      .waitFor()
    await line(2).getByText('imported').waitFor()
    expect(await count()).toBe(before)
  })

  test('the others are imported all the same', async () => {
    await button('Import 2 organisations').click()
    await dialogue().getByText('Done: 2 failed, 2 imported.').waitFor()
    await go('Done')
    await page.getByRole('link', { name: 'Northwind Traders' }).waitFor()
    expect(await organisation('contoso')).toMatchObject({ name: 'Contoso Ltd', tags: ['gold', 'managed'] })
    expect((await organisation('northwind-traders')).parent).toBe('contoso')
    expect((await api('GET', '/organisations/contoso/variables/seats')).value).toBe(40)
  })

  test('a file that was changed since it was chosen is chosen once more', async () => {
    await imports('From a table (CSV)')
    const path = file('clients.csv', clients)
    await choose(path)
    file('clients.csv', `${clients}Tailspin Toys;;;;7\n`)
    await button('Look what would be done').click()
    await dialogue().getByText('clients.csv is not as it was when it was chosen.').waitFor()
    await choose(path)
    await button('Look what would be done').click()
    await dialogue().getByText('It would be so: 2 failed, 1 imported, 2 skipped.').waitFor()
    await button('Import 1 organisation').click()
    await dialogue()
      .getByText(/^Done: /)
      .waitFor()
    await go('Done')
  })

  test('the same file once more changes nothing, also where it may change what exists', async () => {
    const good = file('good.csv', 'name;slug;tags\nContoso Ltd;contoso;managed,gold\nTailspin Toys;tailspin-toys;\n')
    const before = await api('GET', '/organisations')
    await imports('From a table (CSV)')
    await choose(good)
    await button('Look what would be done').click()
    await dialogue().getByText('It would be so: 2 skipped.').waitFor()
    expect(await button('Import 0 organisations').isDisabled()).toBe(true)
    await dialogue().getByLabel('Change organisations that exist').check()
    await button('Look what would be done').click()
    await dialogue().getByText('It would be so: 2 unchanged.').waitFor()
    expect(await button('Import 0 organisations').isDisabled()).toBe(true)
    await go('Leave it')
    expect(await api('GET', '/organisations')).toEqual(before)
  })
})

describe.sequential('a file is applied', () => {
  const tree = `msp: acme-msp
organisations:
  - slug: fabrikam
    name: Fabrikam
    tags: [managed]
    variables:
      default_team: Blue
      portal_password: {secret: keep}
  - slug: contoso
    name: Contoso AG
`

  test('its mistakes are told with their place', async () => {
    await imports('Apply a file (YAML)')
    await choose(file('tree.yaml', tree.replace('name: Fabrikam', 'nam: Fabrikam')))
    await button('Look what would change').click()
    await dialogue().getByText('The file cannot be applied').waitFor()
    await dialogue().getByText('tree.yaml:4:5').waitFor()
    await dialogue().getByText('Did you mean "name"?').waitFor()
    await dialogue().getByRole('button', { name: /^Make/ }).waitFor({ state: 'detached' })
  })

  test('what would change is shown first', async () => {
    await choose(file('tree.yaml', tree))
    await button('Look what would change').click()
    await dialogue().getByText('3 changes:').waitFor()
    const changes = await dialogue().getByRole('listitem').allInnerTexts()
    expect(changes.filter(c => /^[+~−]/.test(c))).toEqual([
      '+ organisation fabrikam: Fabrikam',
      '~ organisation contoso: name "Contoso Ltd" → "Contoso AG"',
      '+ variable default_team of fabrikam: "Blue"',
    ])
    await dialogue()
      .getByText(/no secret portal_password of Fabrikam/)
      .waitFor()
    expect((await organisation('contoso')).name).toBe('Contoso Ltd')
  })

  test('what is no longer what was shown is not done', async () => {
    await api('POST', '/organisations/contoso/tags', { add: ['platinum'] })
    await api('DELETE', '/organisations/tailspin-toys')
    await api('POST', '/organisations', { name: 'Fabrikam', slug: 'fabrikam' })
    await button('Make 3 changes').click()
    await dialogue().getByRole('alert').first().waitFor()
    await button('Look what would change').click()
    await dialogue().getByText('3 changes:').waitFor()
    expect((await organisation('contoso')).name).toBe('Contoso Ltd')
  })

  test('all of it is done, and then everything is as the file says', async () => {
    await go('Make 3 changes')
    expect((await organisation('contoso')).name).toBe('Contoso AG')
    expect((await api('GET', '/organisations/fabrikam/variables/default_team')).value).toBe('Blue')
    await imports('Apply a file (YAML)')
    await choose(join(house.project, '..', 'tree.yaml'))
    await button('Look what would change').click()
    await dialogue().getByText('Everything is as the file says.').waitFor()
    expect(await button('Make 0 changes').isDisabled()).toBe(true)
    await go('Leave it')
  })

  test('that it removes others is to be asked for, and is shown', async () => {
    await imports('Apply a file (YAML)')
    await choose(join(house.project, '..', 'tree.yaml'))
    await dialogue().getByLabel('Also remove what the file does not have').check()
    await button('Look what would change').click()
    await dialogue().getByText('− organisation kestrel-freight-co: Kestrel Freight & Co.').waitFor()
    await go('Leave it')
    expect((await organisation('kestrel-freight-co')).name).toBe('Kestrel Freight & Co.')
  })
})

describe.sequential('clients of Halo become organisations', () => {
  const clients = () => dialogue().getByRole('region', { name: 'What HaloPSA has' })

  test('known ones are told apart', async () => {
    await api('DELETE', '/organisations/kestrel-freight-co')
    await api('POST', '/removed-organisations/purge', { slug: 'kestrel-freight-co', now: true })
    await api('DELETE', '/organisations/lumen-optics-uk-limited/mappings/halo')
    await imports('From HaloPSA or another integration')
    await button('Show what there is').click()
    const line = (text: string) => clients().getByRole('listitem').filter({ hasText: text })
    await line('Contessa Legal Ltd').getByText('It is mapped to Contessa Legal Ltd.').waitFor()
    await line('Lumen Optics')
      .getByText(/There is Lumen Optics \(UK\) Limited already: map it on the mapping page/)
      .waitFor()
    expect(await clients().getByRole('checkbox').count()).toBe(2) // the dentist was deleted for good above
  })

  test('the others are picked and imported with their mapping', async () => {
    await dialogue().getByRole('textbox', { name: 'Search' }).fill('kestrel')
    await dialogue().getByLabel('All 1 that can be imported and are found').check()
    await dialogue().getByRole('combobox', { name: 'Their tags' }).fill('freight')
    await page.keyboard.press('Enter')
    await button('Import 1 organisation').click()
    await dialogue().getByText('Done: 1 imported, 0 skipped, 0 failed.').waitFor()
    await clients().getByRole('link', { name: 'Kestrel Freight & Co.' }).click()
    await heading('Kestrel Freight & Co.')
    const { mappings } = await api('GET', '/mappings')
    const made = mappings.find((m: { external_name: string }) => m.external_name === 'Kestrel Freight & Co.')
    expect((await organisation(made.organisation)).tags).toEqual(['freight'])
  })
})

describe.sequential('variables', () => {
  const row = (name: string) =>
    page
      .getByRole('table', { name: 'Variables of Contessa Legal Ltd' })
      .getByRole('row', { name: new RegExp(`^${name} `) })
  const value = () => dialogue().getByLabel(/^Value/)
  const saves = () => dialogue().getByRole('button', { name: 'Save', exact: true })
  const kept = async (name: string) => (await api('GET', `/organisations/contessa-legal-ltd/variables/${name}`)).value

  async function add(name: string, type: string) {
    await button('Add a variable').click()
    await dialogue().getByLabel(/^Name/).fill(name)
    await dialogue().getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: type }).click()
  }

  test('the page of a client shows what comes from the MSP, and leads there', async () => {
    await show('contessa-legal-ltd', 'Contessa Legal Ltd', 'variables')
    await row('default_team').getByText('Service Desk').waitFor()
    await row('send_digest').getByText('yes', { exact: true }).waitFor()
    await row('solicitor').getByText('own').waitFor()
    await row('default_team').getByRole('link', { name: 'Acme MSP' }).click()
    await heading('Acme MSP')
    await page.getByRole('table', { name: 'Variables of Acme MSP' }).getByText('Service Desk').waitFor()
    await page.goBack()
    await page.getByText('Inherited', { exact: true }).click()
    await row('solicitor').waitFor({ state: 'hidden' })
    await row('default_team').waitFor()
    await page.getByText('All', { exact: true }).click()
  })

  test('one of its own is added; a name that expressions cannot read is refused at the field', async () => {
    await button('Add a variable').click()
    await dialogue().getByLabel(/^Name/).fill('office phone')
    await dialogue().getByText('Letters, digits and _ only, and no digit first').waitFor()
    expect(await saves().isDisabled()).toBe(true)
    await dialogue().getByLabel(/^Name/).fill('office_phone')
    await value().fill('0113 496 0000')
    await go('Save')
    await row('office_phone').getByText('0113 496 0000').waitFor()
    expect(await kept('office_phone')).toBe('0113 496 0000')
  })

  test('an inherited one is overridden, and both values are told', async () => {
    await button('Override default_team').click()
    await dialogue().getByText('Contessa Legal Ltd inherits it from Acme MSP: Service Desk.').waitFor()
    await value().fill('Escalations')
    await go('Save for Contessa Legal Ltd')
    await row('default_team').getByText('own').waitFor()
    await button('Change default_team').click()
    const origins = dialogue().getByRole('listitem')
    await origins.filter({ hasText: 'Contessa Legal Ltd: Escalations (counts here)' }).waitFor()
    await origins.filter({ hasText: 'Acme MSP: Service Desk (hidden by a nearer one)' }).waitFor()
    await go('Leave it')
  })

  test('given back, the inherited value counts again', async () => {
    await button('Remove default_team').click()
    await dialogue().getByText('then inherits it from Acme MSP again: Service Desk.').waitFor()
    await go('Give back')
    await page.getByText('Contessa Legal Ltd has Service Desk of Acme MSP again.').waitFor()
    await row('default_team').getByRole('link', { name: 'Acme MSP' }).waitFor()
    expect(await kept('default_team')).toBe('Service Desk')
  })

  test('what is not inherited by anybody is gone when it is removed', async () => {
    await button('Remove office_phone').click()
    await dialogue().getByText('Contessa Legal Ltd and those below it have none then.').waitFor()
    await go('Remove')
    await row('office_phone').waitFor({ state: 'hidden' })
  })

  test('a local one is not handed down', async () => {
    await api('POST', '/organisations', { name: 'Contessa York', parent: 'contessa-legal-ltd' })
    await button('Change solicitor').click()
    await dialogue().getByLabel('Local: organisations below do not inherit it').check()
    await go('Save')
    await row('solicitor').getByText('local').waitFor()
    await show('contessa-york', 'Contessa York', 'variables')
    const below = page.getByRole('table', { name: 'Variables of Contessa York' })
    await below.getByText('default_team').waitFor()
    expect(await below.getByText('solicitor').count()).toBe(0)
  })

  test.each([
    ['sites', 'List', 'London: 1', 'Is no list', '- London\n- Leeds', ['London', 'Leeds']],
    ['opening', 'Object', '[8, 17]', 'Is no object', 'from: 8\nto: 17.5', { from: 8, to: 17.5 }],
  ])('of %s another type than %s is refused at the field', async (name, type, wrong, said, right, meant) => {
    await show('contessa-legal-ltd', 'Contessa Legal Ltd', 'variables')
    await add(name, type)
    await value().fill(wrong)
    await dialogue().getByText(said).waitFor()
    expect(await value().getAttribute('aria-invalid')).toBe('true')
    expect(await saves().isDisabled()).toBe(true)
    await value().fill('- [')
    expect(await saves().isDisabled()).toBe(true)
    await value().fill(right)
    await go('Save')
    await row(name).getByText(JSON.stringify(meant)).waitFor()
    expect(await kept(name)).toEqual(meant)
  })

  test('a number takes no words', async () => {
    await add('seats', 'Number')
    await value().pressSequentially('many')
    expect(await value().inputValue()).toBe('')
    expect(await saves().isDisabled()).toBe(true)
    await value().pressSequentially('12.5')
    await go('Save')
    await row('seats').getByText('12.5').waitFor()
    expect(await kept('seats')).toBe(12.5)
  })

  test('another type is warned of before it is set', async () => {
    await button('Change seats').click()
    await dialogue().getByRole('combobox', { name: 'Type' }).click()
    await page.getByRole('option', { name: 'Text' }).click()
    await dialogue()
      .getByText(/Workflows may rely on the type that it had/)
      .waitFor()
    await value().fill('twelve')
    await go('Save')
    await row('seats').getByText('twelve').waitFor()
  })

  test('a secret goes in, and is never shown again', async () => {
    await add('api_key', 'Secret')
    await value().fill('hush-hush-4711')
    await go('Save')
    await page.getByText('The secret api_key is set.').waitFor()
    await row('api_key').getByText('••••••••').waitFor()
    await button('Change api_key').click()
    expect(await value().inputValue()).toBe('')
    expect(await saves().isDisabled()).toBe(true)
    await value().fill('hush-hush-0815')
    await go('Save')
    await show('contessa-york', 'Contessa York', 'variables')
    await button('Override api_key').click()
    await dialogue().getByText('inherits it from Contessa Legal Ltd.').waitFor()
    await page.getByText('On the way up').waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain('hush-hush')
    expect((await Promise.all(answers)).filter(text => text.includes('hush-hush'))).toEqual([])
  })
})

describe('on a phone, in the dark', () => {
  let phone: Visitor

  beforeAll(async () => {
    phone = await visit(browser, house.url, { width: 390, height: 844, dark: true })
    await signIn(phone.page, 'ada@example.com')
  })

  afterAll(() => phone.context.close())

  test.each([
    ['what was removed', '/organisations?show=removed', 'They can be restored'],
    ['a new one', '/organisations?open=new', 'Its short name in commands'],
    ['a table', '/organisations?open=csv', 'Each row is an organisation'],
    ['a file', '/organisations?open=yaml', 'The organisations become what the file says'],
    ['clients of Halo', '/organisations?open=system', 'The new ones stand below'],
    ['integrations of one', '/organisations/contessa-legal-ltd?tab=integrations', 'has no instance of its own'],
    ['mappings of one', '/organisations/contessa-legal-ltd?tab=mappings', 'In the table of all'],
  ])('%s', async (_, path, shows) => {
    await phone.page.goto(path)
    await phone.page.getByText(shows).first().waitFor()
    await settled(phone.page)
    expect(await sideways(phone.page), 'scrolls sideways').toBeLessThanOrEqual(0)
    expect(await barriers(phone.page)).toEqual([])
    expect(phone.complaints).toEqual([])
  })
})
