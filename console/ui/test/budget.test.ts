import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// What the first page may cost, as Lighthouse measures it; the network is this machine's own, so the times are the
// browser's work alone, and bytes and requests stand for the way.
const most = {
  /** Bytes on the wire, compressed, without what the API answers. */
  transferred: 250_000,
  requests: 50,
  firstPaint: 1500,
  largestPaint: 2500,
  /** Milliseconds for which the page does not react, summed over what is longer than 50 ms. */
  blocked: 300,
  shift: 0.1,
}

let house: House
let browser: Browser

beforeAll(async () => {
  house = await openHouse()
  browser = await openBrowser()
  const first = await visit(browser, house.url)
  await setUp(first.page, house.setUp)
  await first.context.close()
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

/** Counts what comes over the wire, by whether it is the console's own or the API's; the browser's cache may be left out. */
async function counting({ page }: Visitor, cacheDisabled: boolean) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled })
  const sizes = { own: 0, requests: 0 }
  const own = new Set<string>()
  session.on('Network.responseReceived', ({ requestId, response }) => {
    sizes.requests++
    if (!response.url.includes('/api/')) own.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (own.has(requestId)) sizes.own += encodedDataLength
  })
  return sizes
}

const vitals = () =>
  new Promise<{ first: number; largest: number; blocked: number; shift: number }>(resolve => {
    const seen = { first: 0, largest: 0, blocked: 0, shift: 0 }
    const watch = (type: string, each: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver(list => list.getEntries().forEach(each)).observe({ type, buffered: true })
    watch('paint', e => {
      if (e.name === 'first-contentful-paint') seen.first = e.startTime
    })
    watch('largest-contentful-paint', e => {
      seen.largest = e.startTime
    })
    watch('longtask', e => {
      seen.blocked += Math.max(0, e.duration - 50)
    })
    watch('layout-shift', e => {
      seen.shift += (e as unknown as { value: number }).value
    })
    setTimeout(() => resolve(seen), 500)
  })

test('the first page keeps to its budget', async () => {
  const visitor = await visit(browser, house.url)
  await signIn(visitor.page, 'ada@example.com')
  const sizes = await counting(visitor, true)
  await visitor.page.goto('/')
  await visitor.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  await visitor.page.getByRole('region', { name: 'Failures' }).getByText('No run').waitFor()
  await visitor.page.locator('canvas').waitFor()
  const seen = await visitor.page.evaluate(vitals)
  expect.soft(sizes.own, 'bytes').toBeLessThanOrEqual(most.transferred)
  expect.soft(sizes.requests, 'requests').toBeLessThanOrEqual(most.requests)
  expect.soft(seen.first, 'first contentful paint').toBeLessThanOrEqual(most.firstPaint)
  expect.soft(seen.largest, 'largest contentful paint').toBeLessThanOrEqual(most.largestPaint)
  expect.soft(seen.blocked, 'blocking time').toBeLessThanOrEqual(most.blocked)
  expect.soft(seen.shift, 'layout shift').toBeLessThanOrEqual(most.shift)
  console.info(`first load: ${sizes.own} bytes, ${sizes.requests} requests`, seen)
  expect(visitor.complaints).toEqual([])
  await visitor.context.close()
})

test('the second visit asks for the page alone', async () => {
  const visitor = await visit(browser, house.url)
  await signIn(visitor.page, 'ada@example.com')
  await visitor.page.goto('/')
  await visitor.page.locator('canvas').waitFor() // the last part of the page that comes
  const sizes = await counting(visitor, false)
  await visitor.page.goto('/')
  await visitor.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
  expect(sizes.own).toBeLessThan(10_000)
  await visitor.context.close()
})
