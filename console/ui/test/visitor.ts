import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Debian's Chromium, or the one that CHROMIUM names. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--font-render-hinting=none'],
  })
}

/** Somebody at a browser, and what their browser complained of. */
export interface Visitor {
  page: Page
  context: BrowserContext
  /** Errors on the page's console, refused styles and scripts, requests to other hosts: there are to be none. */
  complaints: string[]
}

interface Looks {
  width?: number
  height?: number
  dark?: boolean
}

export async function visit(
  browser: Browser,
  url: string,
  { width = 1440, height = 900, dark = false }: Looks = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', e => {
      // Chromium itself gives lines of an editor style attributes while somebody types, which the policy takes away again.
      const typed =
        e.violatedDirective === 'style-src-attr' && e.target instanceof Element && e.target.closest('.cm-content')
      if (!typed)
        console.error(`refused by the policy: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`)
    })
  })
  page.on('console', m => {
    // A refused request is told on the console as well; what the page makes of it is looked at where it is expected. What
    // the policy refuses is told above.
    const told = /^(Failed to load resource|Applying inline style violates)/
    if (m.type() === 'error' && !told.test(m.text())) complaints.push(m.text())
  })
  page.on('pageerror', e => complaints.push(String(e)))
  page.on('request', r => {
    if (!r.url().startsWith(url) && !r.url().startsWith('data:')) complaints.push(`a request to ${r.url()}`)
  })
  return { page, context, complaints }
}

export const password = 'violet-anchor-monsoon-17'

/** Makes the first administrator through the page. */
export async function setUp(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('E-mail address, or a short name').fill('ada@example.com')
  await page.getByLabel(/^Name/).fill('Ada Admin')
  await page.getByLabel(/^Password/).fill(password)
  await page.getByLabel('The password once more').fill(password)
  await page.getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
}

export async function signIn(page: Page, login: string, secret = password): Promise<void> {
  await page.goto('/')
  await page.getByLabel('E-mail address, or login').fill(login)
  await page.getByLabel(/^Password/).fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
}

/** What axe finds on the page that is serious or worse: WCAG 2.2 A and AA. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    interface Found {
      violations: { id: string; impact: string; nodes: { html: string; any: { message: string }[] }[] }[]
    }
    const { axe } = window as unknown as { axe: { run(where: Document, how: object): Promise<Found> } }
    const found = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return found.violations
      .filter(v => v.impact === 'serious' || v.impact === 'critical')
      .flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)} (${n.any[0]?.message ?? ''})`))
  })
}

/** Waits until nothing on the page is on its way. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelectorAll('[aria-label="One moment"], .mantine-Skeleton-root').length === 0,
  )
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

/** By how many pixels the page can be scrolled sideways. */
export function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
