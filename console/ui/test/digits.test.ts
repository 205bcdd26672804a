import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { openBrowser, setUp, type Visitor, visit } from './visitor'

// Ids of other systems have more digits than a number of JavaScript: they are typed, shown, copied and sent as they are.

const id = '9007199254740993' // as a double it is ...992

const workflow = `title: Hand on a number
inputs:
  id: {type: integer, required: true}
  more: {type: any}
triggers:
  - {name: by hand, type: always_pass, run_for: {this: true}}
tasks:
  hand_on:
    action: core.set
    with: {values: {id: "\${{ inputs.id }}", more: "\${{ inputs.?more.orValue(null) }}"}}
outputs:
  id: \${{ tasks.hand_on.result.id }}
`

let house: House
let browser: Browser
let ada: Visitor
let page: Page

beforeAll(async () => {
  house = await openHouse({ 'workflows/digits.yaml': workflow })
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

/** The latest run as the server tells it, to the letter. */
async function latest(): Promise<string> {
  const { request } = ada.context
  const { runs } = await (await request.get('/api/v1/runs?workflow=digits&limit=1')).json()
  return (await request.get(`/api/v1/runs/${runs[0].id}`)).text()
}

const copied = () => page.evaluate(() => navigator.clipboard.readText())

test('a number of many digits is sent as it was typed, also within data', async () => {
  await page.goto('/test/digits')
  await page.getByLabel(/^id/).fill(id)
  await page.getByLabel(/^more/).fill(`[${id}, 7]`)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('region', { name: 'Outputs' }).getByText(id).waitFor()
  expect(await latest()).toContain(`"inputs":{"id":${id},"more":[${id},7]}`)
})

test('it is shown and copied with all its digits', async () => {
  const result = page.getByRole('region', { name: 'Task hand_on' }).getByRole('tree')
  await result.getByText(id).first().waitFor()
  await result.getByRole('treeitem').first().hover()
  await result.getByRole('button', { name: 'Copy the value' }).first().click()
  expect(await copied()).toContain(id)
  await page.getByRole('button', { name: 'Copy as a mock' }).click()
  await expect.poll(copied).toContain(`id: ${id}\n`)
  expect(await copied()).toContain(`- ${id}\n`)
})

test('it stays the same when the test is run again', async () => {
  await page.reload()
  const before = JSON.parse(await latest()).id
  await page.getByRole('button', { name: 'Run again' }).click()
  await expect.poll(async () => JSON.parse(await latest()).id).not.toBe(before)
  expect(await latest()).toContain(`"inputs":{"id":${id},"more":[${id},7]}`)
  expect(ada.complaints).toEqual([])
})
