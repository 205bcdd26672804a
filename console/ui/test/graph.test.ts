import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house'
import { call, workflows } from './seed'
import { barriers, openBrowser, setUp, type Visitor, visit } from './visitor'

// The page of a workflow: what its drawing costs, what it is opened for from other pages, and that it can be used without
// a mouse.

/** What a drawing of five hundred tasks may take, in milliseconds. */
const bound = 1000

/** A workflow of many tasks: rounds of a fork into chains of several lengths, which are joined again. */
function large(tasks: number): string {
  const lines: string[] = []
  let count = 0
  const add = (name: string, next: string, more = '') => {
    lines.push(`  ${name}: {action: core.noop${more}${next ? `, next: ${next}` : ''}}`)
    count++
  }
  for (let round = 0; count < tasks; round++) {
    const left = tasks - count
    const size = left < 24 ? left : 12
    const chains = size < 6 ? 0 : 2 + (round % 3)
    const rest = size - 2 - (chains > 0 ? chains : 0)
    const after = left - size > 0 ? `fork_${round + 1}` : ''
    if (chains === 0) {
      for (let i = 0; i < size; i++) add(i === 0 ? `fork_${round}` : `end_${i}`, i + 1 < size ? `end_${i + 1}` : '')
      continue
    }
    const heads = Array.from({ length: chains }, (_, c) => `chain_${round}_${c}_0`)
    add(
      `fork_${round}`,
      `[{when: succeeded, do: [${heads.join(', ')}]}, {when: failed, label: gone, do: join_${round}}]`,
    )
    for (let c = 0; c < chains; c++) {
      const length = 1 + Math.floor(rest / chains) + (c < rest % chains ? 1 : 0)
      for (let i = 0; i < length; i++)
        add(`chain_${round}_${c}_${i}`, i + 1 < length ? `chain_${round}_${c}_${i + 1}` : `join_${round}`)
    }
    add(`join_${round}`, after, ', join: all')
  }
  return `title: Five hundred tasks\ntasks:\n${lines.join('\n')}\n`
}

const long = `title: A long one
triggers:
  - name: ticket changed # from Halo
    type: webhook
    verify: none
    inputs: {n: "\${{ body.id }}"}
    run_for: {this: true}
inputs:
  n: {type: integer, default: 1}
tasks:
  first:
    action: core.noop
    next:
      - {when: succeeded, do: [left, right]}
  left: {action: core.noop, next: last}
  right: {action: core.noop, next: last}
  last:
    join: all
    action: core.noop
${'  # so that it scrolls\n'.repeat(120)}outputs:
  n: \${{ inputs.n }}
`

let house: House
let browser: Browser
let ada: Visitor
let page: Page

beforeAll(async () => {
  house = await openHouse({
    ...workflows,
    'workflows/large.yaml': large(500),
    'workflows/long.yaml': long,
  })
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

const editor = () => page.getByRole('textbox', { name: /^The text of/ })
const task = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) })
const checked = () => page.getByRole('status').getByText('Checks', { exact: true }).waitFor()
const address = () => new URL(page.url()).searchParams
/** What has the focus, in a few words. */
const focused = () =>
  page.evaluate(() => {
    const on = document.activeElement
    return on?.getAttribute('aria-label') ?? on?.textContent ?? ''
  })

/** Goes on by a key until something has the focus. */
async function press(key: string, until: RegExp, most = 60): Promise<void> {
  const seen: string[] = []
  for (let i = 0; i < most; i++) {
    await page.keyboard.press(key)
    const on = await focused()
    if (until.test(on)) return
    seen.push(on.slice(0, 40))
  }
  throw new Error(`${key} does not lead to ${until}, but to ${seen.join(' | ')}`)
}

describe('a workflow of five hundred tasks', () => {
  test('is laid out in under a second', async () => {
    const { outline } = await call(ada.context.request, 'GET', '/workflows/large')
    expect(outline.tasks).toHaveLength(500)
    const took: number[] = []
    for (let load = 0; load < 3; load++) {
      await page.goto('/workflows/large')
      const of = await page.waitForFunction(() => {
        const [first] = performance.getEntriesByName('gantry graph layout')
        return first && document.querySelectorAll('.react-flow__node-task').length > 0 ? first.duration : false
      })
      took.push(Number(await of.jsonValue()))
    }
    console.info(`500 tasks were laid out in ${took.map(t => Math.round(t)).join(', ')} ms`)
    expect(Math.min(...took)).toBeLessThan(bound)
  })
})

describe('opened from another page', () => {
  test('at a line', async () => {
    await page.goto('/workflows/long?view=edit&line=140')
    await page.locator('.cm-activeLineGutter', { hasText: /^140$/ }).waitFor()
    expect(await page.locator('.cm-activeLineGutter', { hasText: /^140$/ }).isVisible()).toBe(true)
    expect(address().get('line')).toBe('140')
  })

  test('with a condition, which is one step to undo', async () => {
    const when = "body.kind == 'ticket'"
    await page.evaluate(
      made => sessionStorage.setItem('gantry.when', made),
      JSON.stringify({ workflow: 'long', trigger: 'ticket changed', when }),
    )
    await page.goto('/workflows/long?view=edit&when=ticket%20changed')
    await page.getByText('The condition of ticket changed is written').waitFor()
    expect(await editor().innerText()).toContain(`    verify: none\n    when: ${when}\n    inputs:`)
    expect(address().has('when')).toBe(false)
    expect(await page.evaluate(() => sessionStorage.getItem('gantry.when'))).toBeNull()
    await page.keyboard.press('Control+z')
    await expect.poll(() => page.getByRole('button', { name: 'Save as draft' }).isDisabled()).toBe(true)
    expect(await editor().innerText()).toContain('    verify: none\n    inputs:')
  })

  test('with a condition for something else, nothing happens', async () => {
    await page.evaluate(
      made => sessionStorage.setItem('gantry.when', made),
      JSON.stringify({ workflow: 'large', trigger: 'ticket changed', when: 'false' }),
    )
    await page.goto('/workflows/long?view=edit&when=ticket%20changed')
    await page.waitForURL(url => !url.searchParams.has('when'))
    expect(await editor().innerText()).not.toContain('when: false')
    expect(await page.evaluate(() => sessionStorage.getItem('gantry.when'))).toContain('large')
  })
})

describe.sequential('by keyboard alone', () => {
  test('the tasks are reached in the order of the file', async () => {
    await page.goto('/workflows/long')
    await task('first').waitFor()
    await checked()
    await page.getByRole('button', { name: 'Add a task', exact: true }).focus()
    for (const name of ['first', 'left', 'right', 'last']) await press('Tab', new RegExp(`^${name}`), 1)
  })

  test('arrows go along the ways', async () => {
    await press('ArrowUp', /^left/, 1)
    await press('ArrowRight', /^right/, 1)
    await press('ArrowLeft', /^left/, 1)
    await press('ArrowUp', /^first/, 1)
    await press('ArrowDown', /^left/, 1)
  })

  test('Enter selects, and the focus stays on the graph', async () => {
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Task left' }).waitFor()
    expect(address().get('task')).toBe('left')
    expect(await task('left').getAttribute('aria-pressed')).toBe('true')
    expect(await focused()).toMatch(/^left/)
    await page.getByRole('region', { name: 'Task left' }).getByRole('button', { name: 'Close' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'Task left' }).waitFor({ state: 'hidden' })
  })

  test('the editor is reached, F8 leads to the mistake, and Ctrl-. mends it', async () => {
    await page.getByRole('separator', { name: 'How wide the graph is' }).focus()
    await press('Tab', /^The text of/, 3)
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText('title: One\ntasks:\n  one:\n    action: core.nop\n')
    await page.getByText('1 error').waitFor()
    await page.locator('.cm-lintRange-error').waitFor()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('F8')
    await page.locator('.cm-activeLineGutter', { hasText: /^4$/ }).waitFor()
    await page.keyboard.press('Control+.')
    const mend = page.getByRole('dialog', { name: 'Mend it' })
    await Promise.race([mend.waitFor(), checked()])
    if (await mend.isVisible()) {
      expect(await focused()).toContain('core.noop')
      await page.keyboard.press('Enter')
      await mend.waitFor({ state: 'hidden' })
    }
    await checked()
    expect(await editor().innerText()).toContain('action: core.noop')
    expect(await focused()).toMatch(/^The text of/)
  })

  test('Tab indents, and after Escape leaves', async () => {
    const before = await editor().innerText()
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^The text of/)
    expect(await editor().innerText()).not.toBe(before)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe('How wide the graph is')
  })

  test('it is published', async () => {
    await press('Shift+Tab', /^Publish/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Publish' }).waitFor()
    await expect.poll(focused).toBe('')
    await page.keyboard.type('Shorter')
    expect(await page.getByLabel('What is the change for?').inputValue()).toBe('Shorter')
    await press('Tab', /^Publish$/, 3)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Publish' }).waitFor({ state: 'hidden' })
    await page.getByText('Published: it is in use now.').waitFor()
    expect((await call(ada.context.request, 'GET', '/workflows/long')).title).toBe('One')
  })

  test('Escape closes the dialogue, and the focus is where it was', async () => {
    await editor().focus()
    await page.keyboard.insertText('# more\n')
    const publish = page.getByRole('button', { name: 'Publish …' })
    await publish.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expect.poll(focused).toBe('Publish …')
  })
})

describe('people who see or move badly', () => {
  test.each(['/workflows/large', '/workflows/large?view=versions', '/workflows/long?task=one'])('%s', async at => {
    await page.goto(at)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.mantine-Skeleton-root').length === 0)
    expect(await barriers(page)).toEqual([])
    expect(ada.complaints).toEqual([])
  })
})
