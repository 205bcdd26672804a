import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call, workflows } from './seed'
import { barriers, openBrowser, password, setUp, signIn, type Visitor, visit } from './visitor'

// Who may what: tokens, sessions, passwords, roles, people who are kept out, and the record of all of it, as an
// administrator and those whom it concerns see it, each in a browser of their own.

let house: House
let browser: Browser
let ada: Visitor
let page: Page

beforeAll(async () => {
  house = await openHouse(workflows)
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

afterEach(() => {
  expect(ada.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const dialogue = (of = page) => of.getByRole('dialog')
const button = (name: string | RegExp, of = page) => of.getByRole('button', { name })
const row = (name: string | RegExp, of = page) => of.getByRole('row').filter({ hasText: name })

/** Fills in how one signs in, where the page asks for it. */
async function tryToSignIn(of: Page, login: string, secret: string) {
  await of.getByLabel('E-mail address, or login').fill(login)
  await of.getByLabel(/^Password/).fill(secret)
  await of.getByRole('button', { name: 'Sign in' }).click()
}

describe.sequential('a token', () => {
  /** Calls the API as a program does. */
  const asProgram = (token: string, path: string, body?: unknown) =>
    fetch(`${house.url}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    })
  let token = ''

  test('is made for what a program needs, shown once and copied', async () => {
    await page.goto('/me?tab=tokens')
    await button('Make a token').click()
    await dialogue().getByLabel(/^Name/).fill('nightly report')
    expect(await dialogue().getByRole('checkbox', { name: 'runs:read' }).isChecked()).toBe(true)
    expect(await barriers(page)).toEqual([])
    await button('Make it').click()
    await dialogue().getByText('It is not shown again').waitFor()
    await button('Copy the token').click()
    token = await page.evaluate(() => navigator.clipboard.readText())
    expect(token).toMatch(/^gnt_\w{38}$/)
    expect(await barriers(page)).toEqual([])
    await button('I have it').click()
    await row('nightly report').waitFor()
    expect(await page.content()).not.toContain(token)
  })

  test('may do that, and nothing else', async () => {
    expect((await asProgram(token, '/runs')).status).toBe(200)
    expect((await asProgram(token, '/organisations')).status).toBe(403)
    const start = await asProgram(token, '/runs', { workflow: 'hello', organisation: 'acme-msp' })
    expect([start.status, (await start.json()).code]).toEqual([403, 'denied'])
    expect((await asProgram(token, '/me/tokens', { name: 'another', scopes: ['all'] })).status).toBe(403)
    await page.reload()
    await row('nightly report').getByText('now').waitFor()
  })

  test('is narrowed to a role and an organisation', async () => {
    await button('Make a token').click()
    await dialogue().getByLabel(/^Name/).fill('northwind viewer')
    await dialogue().getByRole('switch', { name: 'All that its owner may do' }).click()
    await dialogue().getByLabel('At most this role').first().click()
    await page.getByRole('option', { name: /^viewer/ }).click()
    await dialogue().getByLabel('Only for this organisation and what is below').first().fill('northwind')
    await page.getByRole('option', { name: 'Northwind Dental' }).click()
    await button('Make it').click()
    await button('Copy the token').click()
    const narrow = await page.evaluate(() => navigator.clipboard.readText())
    await button('I have it').click()
    await row('northwind viewer').getByText('Northwind Dental').waitFor()
    const seen = await (await asProgram(narrow, '/organisations')).json()
    expect(seen.organisations.map((o: { slug: string }) => o.slug)).toEqual(['northwind-dental'])
    expect((await asProgram(narrow, '/organisations/contessa-legal-ltd')).status).toBe(404)
    const run = { workflow: 'triage/new-ticket', organisation: 'northwind-dental', inputs: { ticket_id: 2045 } }
    expect((await asProgram(narrow, '/runs', run)).status).toBe(403)
  })

  test('is refused from the moment on at which it is revoked', async () => {
    await row('nightly report').getByRole('button', { name: 'Revoke' }).click()
    await dialogue().getByRole('button', { name: 'Revoke' }).click()
    await row('nightly report').waitFor({ state: 'detached' })
    expect((await asProgram(token, '/runs')).status).toBe(401)
  })
})

describe.sequential('a session', () => {
  let phone: Visitor

  test('in a second browser is listed, and ended from the first', async () => {
    phone = await visit(browser, house.url, { width: 390, height: 844, dark: true })
    await signIn(phone.page, 'ada@example.com')
    await phone.page.goto('/me?tab=tokens')
    await button('Revoke', phone.page).click()
    await dialogue(phone.page).waitFor()
    await page.goto('/me?tab=sessions')
    await row('this one').waitFor()
    expect(await row('Chrome on Linux').count()).toBe(2)
    await button('End it').click()
    await page.getByText('The session has ended').waitFor()
    expect(await row('Chrome on Linux').count()).toBe(1)
  })

  test('is over there, which is said in place of all that was open; it goes on there after signing in again', async () => {
    await dialogue(phone.page).getByRole('button', { name: 'Revoke' }).click()
    await phone.page.getByText('Your session has ended').waitFor()
    expect(await dialogue(phone.page).count()).toBe(0)
    expect(await barriers(phone.page)).toEqual([])
    await tryToSignIn(phone.page, 'ada@example.com', password)
    await row('northwind viewer', phone.page).waitFor()
  })

  test('ends with a new password, which takes the old one to set', async () => {
    await page.goto('/me')
    const change = async (current: string, next: string) => {
      await page.getByLabel(/^The one until now/).fill(current)
      await page.getByLabel(/^The new one \*?$/).fill(next)
      await page.getByLabel(/^The new one once more/).fill(next)
      await button('Change it').click()
    }
    await change('an entirely wrong one', 'marble-otter-cascade-58')
    await page.getByRole('alert').waitFor()
    await change(password, 'short')
    await page.getByRole('alert').getByText(/12/).first().waitFor()
    await change(password, 'marble-otter-cascade-58')
    await page.getByText('Your password is changed').waitFor()
    await phone.page.reload()
    await tryToSignIn(phone.page, 'ada@example.com', password)
    await phone.page.getByText('do not fit together').waitFor()
    await tryToSignIn(phone.page, 'ada@example.com', 'marble-otter-cascade-58')
    await row('northwind viewer', phone.page).waitFor()
  })

  test('ends by signing out', async () => {
    await button('Sign out', phone.page).click()
    await phone.page.getByRole('heading', { name: 'Sign in to Gantry' }).waitFor()
    expect((await phone.context.request.get('/api/v1/me')).status()).toBe(401)
    await phone.page.goBack()
    await phone.page.getByRole('heading', { name: 'Sign in to Gantry' }).waitFor()
    expect(phone.complaints).toEqual([])
    await phone.context.close()
  })
})

describe.sequential('somebody of a client', () => {
  let olga: Visitor
  const secret = 'copper-lantern-harvest-42'
  const menu = async () => {
    const all = await olga.page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts()
    return all.map(text => text.split('\n')[0])
  }
  const organisations = async () => {
    const { organisations } = await call(olga.context.request, 'GET', '/organisations')
    return organisations.map((o: { slug: string }) => o.slug)
  }

  test('is added with a role over their organisation', async () => {
    await page.goto('/users')
    await button('Add a user').click()
    await dialogue().getByLabel('E-mail address, or a short name').fill('olga@northwind.example')
    await dialogue().getByLabel('Name', { exact: true }).fill('Olga Operator')
    await dialogue()
      .getByLabel(/^First password/)
      .fill(secret)
    await dialogue().getByLabel('Role').first().click()
    await page.getByRole('option', { name: 'operator' }).click()
    await dialogue().getByLabel('Over').first().fill('northwind')
    await page.getByRole('option', { name: 'Northwind Dental' }).click()
    expect(await barriers(page)).toEqual([])
    await dialogue().getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Olga Operator' }).waitFor()
    await row('Northwind Dental').getByText('operator').waitFor()
  })

  test('sees that organisation', async () => {
    olga = await visit(browser, house.url)
    await signIn(olga.page, 'olga@northwind.example', secret)
    expect(await organisations()).toEqual(['northwind-dental'])
    expect(await menu()).not.toEqual(expect.arrayContaining(['Audit']))
  })

  test('sees another one as long as they have a role there', async () => {
    await button('Give a role').click()
    await dialogue().getByLabel('Role').first().click()
    await page.getByRole('option', { name: 'admin' }).click()
    await dialogue().getByLabel('Over').first().fill('contessa')
    await page.getByRole('option', { name: 'Contessa Legal Ltd' }).click()
    await button('Give it').click()
    await row('Contessa Legal Ltd').getByText('admin').waitFor()
    expect(await organisations()).toEqual(['contessa-legal-ltd', 'northwind-dental'])
    await olga.page.goto('/users')
    await olga.page.getByRole('link', { name: 'Olga Operator', exact: true }).waitFor()
    expect(await menu()).toEqual(expect.arrayContaining(['Audit', 'Users and roles']))
    expect(await menu()).not.toContain('Settings')
    await row('Contessa Legal Ltd').getByRole('button', { name: 'Take away' }).click()
    await dialogue().getByRole('button', { name: 'Take away' }).click()
    await row('Contessa Legal Ltd').waitFor({ state: 'detached' })
    expect(await organisations()).toEqual(['northwind-dental'])
  })

  test('is told at once when a page is no longer theirs', async () => {
    await olga.page.getByText('This page needs the role admin').waitFor() // without doing anything
    expect(await menu()).not.toContain('Audit')
    expect(olga.complaints).toEqual([])
  })

  test('is thrown out at once when they are kept out, and cannot come in again', async () => {
    await olga.page.goto('/runs')
    await olga.page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
    await button('More to do with this user').click()
    await page.getByRole('menuitem', { name: 'Keep out' }).click()
    await dialogue().getByRole('button', { name: 'Keep out' }).click()
    await page.getByText('kept out', { exact: true }).waitFor()
    await olga.page.getByText('Your session has ended').waitFor() // without doing anything
    expect(await olga.page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0)
    await tryToSignIn(olga.page, 'olga@northwind.example', secret)
    await olga.page.getByText('or the account is disabled').waitFor()
  })

  test('is let in again, with another password', async () => {
    await button('More to do with this user').click()
    await page.getByRole('menuitem', { name: 'Let in again' }).click()
    await page.getByText('kept out', { exact: true }).waitFor({ state: 'detached' })
    await button('More to do with this user').click()
    await page.getByRole('menuitem', { name: 'Give a new password' }).click()
    await dialogue()
      .getByLabel(/^Password/)
      .fill('harbour-violin-thicket-91')
    await button('Set it').click()
    await dialogue().waitFor({ state: 'detached' })
    await tryToSignIn(olga.page, 'olga@northwind.example', 'harbour-violin-thicket-91')
    await olga.page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  })

  test('sees what to do without any role', async () => {
    await row('Northwind Dental').getByRole('button', { name: 'Take away' }).click()
    await dialogue().getByRole('button', { name: 'Take away' }).click()
    await page.getByText('No role: nothing can be seen or done.').waitFor()
    await olga.page.goto('/workflows')
    await olga.page.getByRole('heading', { name: 'You have no role yet' }).waitFor()
    expect(await menu()).toEqual([])
    expect(await barriers(olga.page)).toEqual([])
    await olga.page.getByRole('link', { name: 'your account', exact: true }).click()
    await olga.page.getByText('No role: nothing can be seen or done.').waitFor()
    expect(olga.complaints).toEqual([])
    await olga.context.close()
  })
})

describe.sequential('a wrong password', () => {
  let stranger: Visitor

  test('is told as such, and after a few of them the page says when to try again', async () => {
    stranger = await visit(browser, house.url)
    await stranger.page.goto('/')
    for (let i = 0; i < 6; i++) {
      await tryToSignIn(stranger.page, 'ada@example.com', `wrong ${i}`)
      await stranger.page.getByText('do not fit together').waitFor()
      expect(await stranger.page.getByRole('alert').getByRole('link').count()).toBe(0)
    }
    await tryToSignIn(stranger.page, 'ada@example.com', 'wrong again')
    await stranger.page.getByText('Too many sign-ins have failed.').waitFor()
    await stranger.page.getByText(/Try again in \ds/).waitFor()
  })

  test('keeps nobody out for long', async () => {
    const again = async () => {
      await tryToSignIn(stranger.page, 'ada@example.com', 'marble-otter-cascade-58')
      const welcome = stranger.page.getByRole('heading', { level: 1, name: 'Home' })
      await welcome.or(stranger.page.getByRole('alert')).first().waitFor()
      return welcome.isVisible()
    }
    await expect.poll(again, { timeout: 10_000, interval: 500 }).toBe(true)
    expect(stranger.complaints).toEqual([])
    await stranger.context.close()
  })
})

describe.sequential('the audit log', () => {
  const log = () => page.getByRole('table', { name: 'What was done' })

  test.each([
    ['add-my-token', 'ada@example.com/nightly report'],
    ['revoke-my-token', 'ada@example.com'],
    ['end-my-session', 'ada@example.com'],
    ['change-password', 'ada@example.com'],
    ['add-user', 'olga@northwind.example'],
    ['grant-role', 'admin'],
    ['revoke-role', 'olga@northwind.example'],
    ['change-user', 'olga@northwind.example'],
    ['set-password', 'olga@northwind.example'],
  ])('has %s, and who did it', async (operation, what) => {
    await page.goto(`/audit?operation=${operation}&outcome=done`)
    const entry = log().getByRole('row').filter({ hasText: 'ada@example.com' }).filter({ hasText: what })
    await entry.first().waitFor()
    expect(await log().locator('tbody').getByRole('row').filter({ hasNotText: operation }).count()).toBe(0)
  })

  test('has what was refused, to whom, and no password', async () => {
    await page.goto('/audit?outcome=refused')
    await log().getByRole('row').filter({ hasText: 'by token nightly report' }).first().waitFor()
    await log().getByRole('row').filter({ hasText: 'change-password' }).first().waitFor()
    expect(await page.content()).not.toMatch(/marble-otter|violet-anchor|harbour-violin|wrong again/)
  })

  test('is narrowed, and what narrows it stands in the address', async () => {
    await page.goto('/audit')
    await page.getByLabel('Who', { exact: true }).fill('ada@example.com')
    await page.getByLabel('What', { exact: true }).fill('change-password')
    await page.getByLabel('How it ended').first().click()
    await page.getByRole('option', { name: 'refused' }).click()
    await page.getByLabel('When').first().click()
    await page.getByRole('option', { name: 'The last hour' }).click()
    await expect.poll(() => log().locator('tbody').getByRole('row').count()).toBe(1)
    await log().getByRole('row').filter({ hasText: 'ada@example.com' }).getByText('refused').waitFor()
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
      ...{ user: 'ada@example.com', operation: 'change-password', outcome: 'refused', when: '1h' },
    })
    await page.goto('/audit?organisation=northwind-dental')
    await log().getByRole('row').filter({ hasText: 'add-user' }).waitFor()
    expect(await log().getByRole('row').filter({ hasText: 'change-password' }).count()).toBe(0)
    expect(await page.getByLabel('Organisation').inputValue()).toBe('Northwind Dental')
  })
})

describe('what to do about an error', () => {
  test('leads to the page on which it is done', async () => {
    await page.goto('/organisations/no-such-client')
    await page.getByRole('alert').getByRole('link', { name: 'The page Organisations' }).click()
    await page.getByRole('heading', { level: 1, name: 'Organisations' }).waitFor()
    await page.goto('/runs/01a2050c-7e0c-7bdf-a1df-e2711e2941f5')
    const runs = page.getByRole('alert').getByRole('link', { name: 'The page Runs' })
    await runs.waitFor()
    expect(await barriers(page)).toEqual([])
    await runs.click()
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor()
  })
})

describe('the settings', () => {
  test('are told with what they are for, those that are set alone where that is wanted', async () => {
    await page.goto('/settings')
    await page.getByText('The short name of the organisation at the root').waitFor()
    const all = await page.getByRole('row').count()
    await page.getByRole('switch', { name: 'Only what is set' }).click()
    await page.getByText('retention', { exact: false }).first().waitFor({ state: 'hidden' })
    expect(await page.getByRole('row').count()).toBeLessThan(all)
    expect(page.url()).toContain('only=set')
  })
})
