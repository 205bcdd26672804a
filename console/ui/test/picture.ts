import { writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** Keeps what the page shows, small enough to lie beside its sources: WebP, as every browser shows it. */
export async function picture(page: Page, file: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
  await session.detach()
  writeFileSync(file, Buffer.from(data, 'base64'))
}
