import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addUser, author, folder, secret } from './author'
import { type House, openHouse } from './house'
import { call, run } from './seed'
import { barriers, openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// The list of workflows: what there is, where it lies, what became of it, and what it says as the files change.

const saying = (title: string, more = '') => `title: ${title}\n${more}tasks:\n  say: {action: core.noop}\n`
const trigger = (name: string, more = '') => `  - {name: ${name}, type: always_pass, run_for: {this: true}${more}}\n`

const project: Record<string, string> = {
  'workflows/billing/invoices.yaml': saying(
    'Remind of invoices',
    `tags: [money, weekly]\ntriggers:\n${trigger('by hand')}${trigger('asleep', ', enabled: false')}`,
  ),
  'workflows/billing/dunning.yaml': saying('Dun', 'description: For who never pays\ntags: [money]\n'),
  'workflows/deep/in/there.yaml': saying('Far away', 'tags: [weekly]\n'),
  'workflows/broken.yaml': 'title: Broken\ntasks:\n  say: {action: core.nop}\n',
}

let house: House
let browser: Browser
let visitor: Visitor
let ada: ReturnType<typeof author>
let files: ReturnType<typeof folder>

beforeAll(async () => {
  house = await openHouse(project)
  files = folder(house)
  browser = await openBrowser()
  visitor = await visit(browser, house.url)
  await setUp(visitor.page, house.setUp)
  ada = author(visitor)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  expect(visitor.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const row = (title: string) => ada.page.getByRole('row').filter({ has: ada.page.getByRole('link', { name: title }) })
const shown = (title: string) => ada.page.getByRole('link', { name: title, exact: true })
const gone = (title: string) => shown(title).waitFor({ state: 'hidden' })
const address = () => new URL(ada.page.url()).searchParams

describe.sequential('looking for a workflow', () => {
  test('by words of its id, title, tags or description', async () => {
    await ada.page.goto('/workflows')
    await shown('Far away').waitFor()
    const search = ada.page.getByLabel('Search workflows')
    await search.fill('who never')
    await gone('Far away')
    await shown('Dun').waitFor()
    await search.fill('billing invo')
    await gone('Dun')
    await shown('Remind of invoices').waitFor()
    expect(address().get('search')).toBe('billing invo')
    await ada.page.reload()
    await shown('Remind of invoices').waitFor()
    expect(await shown('Dun').count()).toBe(0)
  })

  test('all are shown again without reading the page anew', async () => {
    await ada.page.evaluate(() => document.body.setAttribute('data-same', ''))
    await ada.page.getByRole('link', { name: /^Show all/ }).click()
    await shown('Far away').waitFor()
    expect(await ada.page.getByLabel('Search workflows').inputValue()).toBe('')
    expect(await ada.page.locator('body[data-same]').count()).toBe(1)
  })

  test('by a tag', async () => {
    await row('Remind of invoices').getByRole('link', { name: 'weekly' }).click()
    await gone('Dun')
    await shown('Far away').waitFor()
    expect(address().get('tag')).toBe('weekly')
    await ada.page.getByRole('link', { name: /^Show all/ }).click()
  })

  test('that does not check', async () => {
    await ada.page.getByLabel('Only those').first().click()
    await ada.page.getByRole('option', { name: 'do not check' }).click()
    await gone('Far away')
    await row('broken').getByText('Line 3: there is no action "core.nop"').waitFor()
    expect(await barriers(ada.page)).toEqual([])
    await ada.page.getByRole('link', { name: /^Show all/ }).click()
  })

  test('in its folder, which can be folded', async () => {
    const billing = ada.page.getByRole('button', { name: /^billing/ })
    expect(await billing.getAttribute('aria-expanded')).toBe('true')
    await billing.click()
    await gone('Dun')
    await ada.page.reload()
    await shown('Far away').waitFor()
    expect(await shown('Dun').count()).toBe(0)
    await ada.page.getByLabel('Search workflows').fill('dun')
    await shown('Dun').waitFor()
    await ada.page.getByRole('link', { name: /^Show all/ }).click()
    await billing.click()
    await shown('Dun').waitFor()
    await ada.page.getByRole('button', { name: /^deep\/in/ }).waitFor()
  })
})

describe.sequential('what became of it', () => {
  test('its last run, as soon as there is one', async () => {
    await run(visitor.context.request, 'billing/dunning', 'acme-msp')
    await row('Dun').getByText('succeeded').waitFor()
    await row('Dun')
      .getByRole('link', { name: /^The last run/ })
      .click()
    await ada.page.waitForURL(/\/runs\//)
    await ada.page.goBack()
  })

  test('a draft, and who saved it', async () => {
    await ada.api('PUT', '/workflows/billing%2Fdunning/draft', { text: saying('Dun more'), base: '' })
    await row('Dun').getByText('draft', { exact: true }).hover()
    await ada.page.getByText('Draft by ada@example.com').waitFor()
    await ada.api('PUT', '/workflows/billing%2Ffresh/draft', { text: saying('Fresh') })
    await row('fresh').getByText('draft only').waitFor()
  })

  test('who changed it, what for, and when', async () => {
    await row('Dun').getByText('in the file').waitFor()
    const { version } = await ada.workflow('billing/dunning')
    const text = saying('Dun', 'tags: [money]\n')
    await ada.api('POST', '/workflows/billing%2Fdunning/publish', { text, base: version, comment: 'Kinder' })
    await row('Dun').getByTitle('Kinder').getByText('ada@example.com').waitFor()
    await row('Dun').locator('time').last().waitFor()
  })
})

describe.sequential('its triggers', () => {
  const on = (name: string) => ada.page.getByRole('switch', { name: `${name} of billing/invoices` })
  const enabled = async (name: string) =>
    (await ada.api('GET', `/triggers/billing%2Finvoices/${encodeURIComponent(name)}`)).enabled

  test('are switched off and on', async () => {
    await on('by hand').click({ force: true })
    await expect.poll(() => on('by hand').isChecked()).toBe(false)
    expect(await enabled('by hand')).toBe(false)
    expect(await on('by hand').evaluate(e => e === document.activeElement)).toBe(true)
    await ada.page.keyboard.press('Space')
    await expect.poll(() => on('by hand').isChecked()).toBe(true)
    expect(await enabled('by hand')).toBe(true)
  })

  test('one that the file has off goes on after a word', async () => {
    expect(await on('asleep').isChecked()).toBe(false)
    await on('asleep').click({ force: true })
    await ada.dialogue().getByText('The file says enabled: false').waitFor()
    await ada.button('Switch it on').click()
    await expect.poll(() => on('asleep').isChecked()).toBe(true)
  })
})

describe.sequential('files change', () => {
  test('one that comes is there at once', async () => {
    files.write('billing/later', saying('Later'))
    await shown('Later').waitFor()
    await row('Later').getByText('in the file').waitFor()
  })

  test('one that has a mistake now says which, and is fine when that is mended', async () => {
    files.write('billing/later', 'title: [\n')
    await row('Later').getByText('Line 1: the list that opens here is never closed').waitFor()
    files.write('billing/later', saying('Later and better'))
    await shown('Later and better').waitFor()
    await row('Later and better').getByText('does not check').waitFor({ state: 'hidden' })
  })

  test('one that cannot be read is told of with the reason', async () => {
    symlinkSync('/etc/hostname', files.path('billing/link'))
    const told = ada.page.getByRole('alert').filter({ hasText: 'workflows/billing/link.yaml' })
    await told.getByText('the file cannot be read: it is a link that leads out of the project').waitFor()
    rmSync(files.path('billing/link'))
    await told.waitFor({ state: 'hidden' })
  })

  test('one that goes is gone', async () => {
    rmSync(files.path('billing/later'))
    await gone('Later and better')
  })

  test('files that are no workflows are told of where they have mistakes', async () => {
    const path = join(house.project, 'actions/acme')
    files.write('../actions/acme/integration', 'id: [\n')
    await ada.page.getByText('A file of the project has mistakes.').waitFor()
    rmSync(path, { recursive: true })
    await ada.page.getByText('A file of the project has mistakes.').waitFor({ state: 'hidden' })
  })
})

test('who may only look switches nothing, and adds nothing', async () => {
  await addUser(visitor, 'vera', 'viewer')
  const looks = await visit(browser, house.url, { width: 390, height: 844, dark: true })
  await signIn(looks.page, 'vera', secret)
  await looks.page.goto('/workflows')
  const hand = looks.page.getByRole('switch', { name: 'by hand of billing/invoices' })
  await hand.waitFor({ state: 'attached' })
  expect(await hand.isDisabled()).toBe(true)
  expect(await looks.page.getByRole('button', { name: 'New workflow' }).isDisabled()).toBe(true)
  const refused = call(looks.context.request, 'POST', '/triggers/billing%2Finvoices/by%20hand/disable', {})
  await expect(refused).rejects.toThrow(/403/)
  expect(await looks.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await barriers(looks.page)).toEqual([])
  expect(looks.complaints).toEqual([])
  await looks.context.close()
})
