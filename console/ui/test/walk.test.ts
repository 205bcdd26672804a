import { execFileSync } from 'node:child_process'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call, run, workflows } from './seed'
import { openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// What an MSP admin does with Gantry, from the first start on, one step after the other, as they do it: by what stands on
// the page. Each step goes on where the one before has led.

let house: House
let browser: Browser
let ada: Visitor
let page: Page

beforeAll(async () => {
  house = await openHouse(workflows)
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
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

describe.sequential('from the first start on', () => {
  test('the server says that nobody administers it yet', async () => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'Welcome to Gantry' }).waitFor()
  })

  test('the link makes the first administrator, and signs them in', async () => {
    await setUp(page, house.setUp)
    expect(page.url()).toBe(`${house.url}/`)
    await page.getByRole('heading', { name: 'First steps' }).waitFor()
  })

  test('the link works once', async () => {
    const other = await visit(browser, house.url)
    await other.page.goto(house.setUp)
    await other.page.getByLabel('E-mail address, or a short name').fill('eve')
    await other.page.getByLabel(/^Password/).fill('an entirely other password')
    await other.page.getByLabel('The password once more').fill('an entirely other password')
    await other.page.getByRole('button', { name: 'Set up' }).click()
    await other.page.getByRole('alert').waitFor()
    await other.context.close()
  })
})

describe.sequential('HaloPSA is configured', () => {
  let address = ''

  test('what the sandbox had is removed, to begin as a newcomer does', async () => {
    const { request } = ada.context
    const { config } = await call(request, 'GET', '/organisations/_/instances/halo')
    address = config.resource_server
    await call(request, 'DELETE', '/organisations/_/instances/halo?force=true')
    await page.goto('/integrations')
    await page.getByText('not configured').first().waitFor()
  })

  test('a wrong secret is refused by the test, with what to do', async () => {
    await page.getByRole('link', { name: 'HaloPSA' }).first().click()
    await button('Configure').first().click()
    const form = dialogue()
    await form.getByLabel('Resource Server Hostname').fill(address)
    await form.getByLabel('Tenant', { exact: false }).first().fill('acme-msp')
    await form.getByLabel('Client ID').fill('6a1f0c52-93d4-4be7-8f0e-2c7d51b9a430')
    await form.getByLabel('Client Secret').fill('a wrong secret')
    await form.getByRole('button', { name: 'Test settings' }).click()
    await form.getByText('The connection does not work yet').waitFor()
    await form
      .getByText(/client.secret/i)
      .first()
      .waitFor()
  })

  test('the right one passes the test, and is saved', async () => {
    const form = dialogue()
    await form.getByLabel('Client Secret').fill('b2d4c6e8-sandbox-only-5f3a9d17c0e4')
    await form.getByRole('button', { name: 'Test settings' }).click()
    await form.getByText('Connection successful').waitFor()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })
    await page.getByText('configured', { exact: true }).first().waitFor()
  })

  test('the secret is not shown to anybody afterwards', async () => {
    expect(await page.content()).not.toContain('sandbox-only')
  })
})

describe.sequential('organisations are mapped', () => {
  const unmapped = ['contessa-legal-ltd', 'northwind-dental']

  test('options are refreshed, and values suggested', async () => {
    expect(await mapped()).toEqual([]) // they went with the instance
    await page.goto('/integrations/halo/mapping')
    await button('Refresh options').first().click()
    await page.getByText('Contessa Legal Ltd').first().waitFor()
    await button('Suggest values').click()
    await button(/Accept/)
      .first()
      .waitFor()
  })

  test('what is sure is accepted, and nothing is saved before somebody says so', async () => {
    await button(/Accept/)
      .first()
      .click()
    expect(await mapped()).not.toEqual(expect.arrayContaining(unmapped))
    await button('Save mappings').click()
    await dialogue().getByRole('button', { name: /Save/ }).click()
    await dialogue().waitFor({ state: 'hidden' })
    expect(await mapped()).toEqual(expect.arrayContaining(unmapped))
  })

  async function mapped(): Promise<string[]> {
    const { mappings } = await call(ada.context.request, 'GET', '/mappings')
    return mappings.map((m: { organisation: string }) => m.organisation)
  }
})

const text = (action: string) => `title: Say what a ticket is about
inputs:
  ticket_id: {type: integer, required: true, description: Halo ticket number}
triggers:
  - name: by hand
    type: always_pass
    run_for: {this: true, all_managed: true}
    integrations: {halo: {use: default}}
  - name: ticket changed
    type: webhook
    verify: none
    when: body.kind == 'ticket'
    inputs: {ticket_id: "\${{ body.id }}"}
    run_for: {all_managed: true}
    integrations: {halo: {use: default}}
tasks:
  wait:
    action: core.delay
    with: {duration: 1500ms}
    next: look
  look:
    action: ${action}
    with: {ticket_id: "\${{ inputs.ticket_id }}"}
outputs:
  about: \${{ tasks.look.result.summary }}
`

describe.sequential('a workflow is written', () => {
  const editor = () => page.getByRole('textbox', { name: /^The text of/ })

  test('it begins as a draft', async () => {
    await page.goto('/workflows')
    await button('New workflow').click()
    await dialogue().getByLabel('Id').fill('service/about')
    await dialogue().getByRole('button', { name: 'Write it' }).click()
    await editor().waitFor()
    expect(page.url()).toContain('/workflows/service/about')
  })

  test('a mistake is marked as it is typed, with what is meant', async () => {
    await editor().click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text('halo.get_tickt'))
    await page.getByText('1 error').first().waitFor()
    await page.getByRole('region', { name: 'What the checker found' }).getByText('halo.get_tickt').waitFor()
    await page.locator('.cm-lintRange-error').first().waitFor()
  })

  test('it cannot be published like this', async () => {
    await button('Publish …').click()
    await dialogue().getByText('does not check').waitFor()
    expect(await dialogue().getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true)
    await dialogue().getByRole('button', { name: 'Leave it' }).click()
  })

  test('a click mends it, and the graph follows', async () => {
    await page
      .getByRole('region', { name: 'What the checker found' })
      .getByRole('button', { name: /halo\.get_ticket\b/ })
      .last()
      .click()
    await page.getByText('Checks', { exact: true }).waitFor()
    await page.getByRole('button', { name: /^look/ }).first().waitFor()
    expect(await editor().innerText()).toContain('action: halo.get_ticket\n')
  })

  test('it is published with a word on why, and in use at once', async () => {
    await button('Publish …').click()
    await dialogue().getByLabel('What is the change for?').fill('The first version')
    await dialogue().getByRole('button', { name: 'Publish', exact: true }).click()
    await dialogue().waitFor({ state: 'hidden' })
    const shown = await call(ada.context.request, 'GET', '/workflows/service%2Fabout')
    expect(shown.text).toContain('halo.get_ticket')
    await page.getByRole('tab', { name: 'Versions' }).click()
    await page.getByText('The first version').waitFor()
  })

  test('the file lies in the project, as it was written', () => {
    expect(execFileSync('cat', ['workflows/service/about.yaml'], { cwd: house.project, encoding: 'utf8' })).toBe(
      text('halo.get_ticket'),
    )
  })
})

describe.sequential('it is tested', () => {
  test.each([
    ['the MSP', ''],
    ['a client', 'Northwind Dental'],
  ])('for %s, and watched live', async (_, organisation) => {
    await page.goto('/test/service/about')
    if (organisation) {
      await page.getByRole('textbox', { name: 'For which organisation' }).fill(organisation)
      await page.getByRole('option', { name: new RegExp(organisation) }).click()
    }
    await page.getByLabel(/ticket_id/).fill('2045')
    await button('Run').click()
    const status = page.getByRole('region', { name: 'The run' }).getByRole('status').first()
    await status.getByText(/running|waiting/).waitFor()
    await status.getByText('succeeded').waitFor()
    await page.getByRole('region', { name: 'Outputs' }).getByText('about').waitFor()
  })
})

describe.sequential('a webhook is fired', () => {
  test('by the curl line that the page gives', async () => {
    await page.goto('/triggers/service/about?trigger=ticket%20changed')
    await page.getByRole('tab', { name: 'Address and curl' }).click()
    await page.getByLabel('Address for').first().click()
    await page.getByRole('option', { name: 'Northwind Dental' }).click()
    const body = page.getByRole('textbox', { name: /body/i })
    await body.fill('{"kind": "ticket", "id": 2045}')
    await button('Copy the call').click()
    const line = await page.evaluate(() => navigator.clipboard.readText())
    expect(line).toContain('curl')
    execFileSync('bash', ['-c', line], { encoding: 'utf8' })
  })

  test('its event is shown without a reload, with the run that it started', async () => {
    await page.getByRole('tab', { name: /^Events/ }).click()
    await page.getByText('started').nth(1).waitFor()
    const { runs } = await call(ada.context.request, 'GET', '/runs?workflow=service%2Fabout&trigger_type=webhook')
    expect(runs).toHaveLength(1)
    expect(runs[0].organisation).toBe('northwind-dental')
  })
})

describe.sequential('a run has failed', () => {
  let id = ''

  test('it says what failed, and what to do', async () => {
    id = await run(ada.context.request, 'service/about', 'northwind-dental', { ticket_id: 999_999 })
    await page.goto('/runs?status=failed')
    await page.getByRole('link', { name: 'Say what a ticket is about' }).first().click()
    await page.getByRole('alert').first().waitFor()
    expect(page.url()).toContain(id)
    await button('Resume').waitFor()
  })

  test('it is resumed with another ticket, and does not wait again', async () => {
    await button('Resume').click()
    await dialogue().getByRole('button', { name: 'Give it other inputs' }).click()
    const ticket = dialogue()
      .getByLabel(/ticket_id|ticket/i)
      .first()
    await ticket.fill('2045')
    await dialogue().getByRole('button', { name: 'Resume', exact: true }).click()
    await dialogue().waitFor({ state: 'hidden' })
    await page.getByText('succeeded').first().waitFor()
    const shown = await call(ada.context.request, 'GET', `/runs/${id}`)
    expect(shown.status).toBe('succeeded')
    expect(shown.tasks.filter((t: { name: string }) => t.name === 'wait')).toHaveLength(1)
    expect(shown.resumptions).toHaveLength(1)
  })
})

describe.sequential('a run asks', () => {
  test('the question is answered, and the run goes on', async () => {
    const id = await run(ada.context.request, 'onboarding/new-starter', 'northwind-dental', { name: 'Dana Reyes' })
    await page.goto('/')
    await page.getByRole('link', { name: /Waiting for you/ }).click()
    await page.getByText('Which licence does Dana Reyes get?').click()
    await button('Business Premium').click()
    await page.getByText(/Your answer counts/).waitFor()
    await page.getByText('succeeded').first().waitFor()
    const shown = await call(ada.context.request, 'GET', `/runs/${id}`)
    expect(shown.tasks.at(-1).result.licence).toBe('Business Premium')
  })
})

describe.sequential('somebody may only look', () => {
  let vera: Visitor

  test('a viewer is added', async () => {
    await page.goto('/users')
    await button('Add a user').click()
    await dialogue().getByLabel('E-mail address, or a short name').fill('vera@example.com')
    await dialogue().getByLabel('Name', { exact: true }).fill('Vera Viewer')
    await dialogue()
      .getByLabel(/^First password/)
      .fill('copper-lantern-harvest-42')
    await dialogue().getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Vera Viewer' }).waitFor()
  })

  test('they see, and cannot change', async () => {
    vera = await visit(browser, house.url)
    await signIn(vera.page, 'vera@example.com', 'copper-lantern-harvest-42')
    await vera.page.goto('/workflows/service/about')
    const publish = vera.page.getByRole('button', { name: 'Publish …' })
    await publish.waitFor()
    expect(await publish.isDisabled()).toBe(true)
    await vera.page.goto('/workflows')
    expect(await vera.page.getByRole('button', { name: 'New workflow' }).isDisabled()).toBe(true)
    expect(await vera.page.getByRole('link', { name: 'Users and roles' }).count()).toBe(0)
    expect(vera.complaints).toEqual([])
  })

  test('the server refuses it, too, whatever the page says', async () => {
    const answer = await vera.context.request.post('/api/v1/workflows/service%2Fabout/publish', {
      data: { text: text('core.noop'), comment: '', base: '' },
    })
    expect(answer.status()).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'denied' })
    await vera.page.goto('/audit')
    await vera.page.getByRole('alert').first().waitFor()
    await vera.context.close()
  })
})
