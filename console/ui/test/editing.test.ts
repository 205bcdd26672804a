import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { author, folder } from './author'
import { type House, openHouse } from './house'
import { barriers, openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// Writing a workflow: what the editor knows of the language, and what forms and the graph write into the text, of which
// everything else stays as it was, to the letter.

const text = `# What this is for, in some words
title: Tidy up   # a title
inputs:
  ticket_id: {type: integer, required: true}

tasks:
  # the first one
  get: # reads
    action: halo.get_ticket
    with: {ticket_id: "\${{ inputs.ticket_id }}"} # by number
    next: # where to
      - when: succeeded
        do: [note] # then
      - when: failed # alas
        do: tell
  note:
    action: core.set # nothing else
    with:
      # what is said
      values:
        text: "Ticket \${{ tasks.get.result.summary }}"
        site: "\${{ org.vars.site }}"

  # somebody is told
  tell:
    action: core.fail
    with: {message: "No ticket \${{ inputs.ticket_id }}"}

outputs: # at the end
  about: \${{ tasks.get.result.summary }}
`

let house: House
let browser: Browser
let visitor: Visitor
let ada: ReturnType<typeof author>
let page: Page

beforeAll(async () => {
  house = await openHouse({ 'workflows/tidy.yaml': text })
  browser = await openBrowser()
  visitor = await visit(browser, house.url, { height: 1300 })
  await setUp(visitor.page, house.setUp)
  ada = author(visitor)
  page = ada.page
  page.on('dialog', d => void d.accept()) // what a test that failed has left
  await ada.api('PUT', '/organisations/_/variables/site', { type: 'string', value: 'Leeds' })
})

afterAll(async () => {
  await browser?.close()
  await house?.stop()
})

beforeEach(async () => {
  const ready = page.url().includes('/workflows/tidy') && !(await ada.dialogue().isVisible())
  if (ready) {
    await ada.editor().focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text)
    await page.keyboard.press('Control+Home')
    await ada.checked()
  } else await ada.open('tidy')
})

afterEach(() => {
  expect(visitor.complaints.splice(0), 'what the browser complained of').toEqual([])
})

/** The text as it stands in the editor. */
const lines = async () => (await page.locator('.cm-content .cm-line').allTextContents()).join('\n')

const becomes = (wanted: string) => expect.poll(lines).toBe(wanted)

/** The text with something else in one place. */
function changed(from: string, to: string): string {
  expect(text.split(from)).toHaveLength(2)
  return text.replace(from, () => to)
}

/** Puts the cursor behind a piece of the text. */
async function behind(piece: string): Promise<void> {
  await ada.editor().focus()
  const all = await lines()
  expect(all).toContain(piece)
  const at = all.indexOf(piece) + piece.length
  await page.keyboard.press('Control+Home')
  for (let row = all.slice(0, at).split('\n').length; row > 1; row--) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('End')
  for (let left = all.slice(at).split('\n')[0]?.length ?? 0; left > 0; left--) await page.keyboard.press('ArrowLeft')
}

const option = (name: RegExp) => page.getByRole('listbox').getByRole('option', { name }).first()
const task = (name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) })
const panel = (name: string) => page.getByRole('region', { name: `Task ${name}` })
const explained = () => page.locator('.g-hover')

/** Where a piece of the text is on the screen. */
async function placeOf(piece: string): Promise<{ x: number; y: number }> {
  const before = (await lines()).split(piece)[0] ?? ''
  const row = before.split('\n').length - 1
  const column = before.length - before.lastIndexOf('\n') - 1 + Math.floor(piece.length / 2)
  return page
    .locator('.cm-content .cm-line')
    .nth(row)
    .evaluate((line, at) => {
      const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT)
      for (let left = at; walk.nextNode(); ) {
        const length = walk.currentNode.textContent?.length ?? 0
        if (left < length) {
          const range = document.createRange()
          range.setStart(walk.currentNode, left)
          range.setEnd(walk.currentNode, left + 1)
          const { x, y, width, height } = range.getBoundingClientRect()
          return { x: x + width / 2, y: y + height / 2 }
        }
        left -= length
      }
      throw new Error('it is not on the line')
    }, column)
}

describe('completion', () => {
  test('has the fields of the result of a task', async () => {
    await behind('Ticket ${{ tasks.get.result')
    await page.keyboard.type('.client_n')
    await option(/^client_name/).click()
    await becomes(changed('Ticket ${{ tasks.get.result.', 'Ticket ${{ tasks.get.result.client_name.'))
  })

  test('has the variables of organisations', async () => {
    await behind('site: "${{ org.vars.')
    await page.keyboard.press('Control+Space')
    await option(/^site/).waitFor()
  })

  test('has the actions, with what they need', async () => {
    await behind('action: core.set')
    await page.keyboard.press('Control+Backspace')
    await page.keyboard.type('noop')
    await option(/^core\.noop/).click()
    await becomes(changed('action: core.set', 'action: core.noop'))
  })

  test('has the inputs of an action that are not there yet', async () => {
    await behind('with: {message: "No ticket ${{ inputs.ticket_id }}"')
    await page.keyboard.type(', ')
    await page.keyboard.press('Control+Space')
    await option(/^reason/).waitFor()
    expect(await option(/^message/).count()).toBe(0)
  })
})

describe('what stands at a place is explained', () => {
  test.each([
    ['an action', 'halo.get_ticket', /Get Ticket/],
    ['an input', 'ticket_id: "', /The ticket's number/],
    ['a name in an expression', 'about: ${{ tasks.get.result.summary', /get/],
  ])('%s, under the pointer', async (_, piece, says) => {
    const { x, y } = await placeOf(piece)
    await page.mouse.move(x, y, { steps: 3 })
    await explained().getByText(says).first().waitFor()
  })

  test('by key, where the cursor is', async () => {
    await behind('action: halo.get_tick')
    await page.keyboard.press('Control+i')
    await explained().getByText('Get Ticket').first().waitFor()
    await page.keyboard.press('Escape')
    await explained().waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+i')
    await explained().waitFor()
    await page.keyboard.press('ArrowLeft')
    await explained().waitFor({ state: 'hidden' })
  })
})

describe('a mistake', () => {
  test('is mended by Ctrl-. where it stands, and nothing else changes', async () => {
    await behind('when: failed')
    await page.keyboard.press('Backspace')
    await page.getByText('1 error').waitFor()
    await page.locator('.cm-lintRange-error').waitFor()
    await page.keyboard.press('Control+.')
    await becomes(text)
    await ada.checked()
  })

  test('that may mean several things is asked about', async () => {
    await behind('with: {mess')
    await page.keyboard.press('Backspace')
    await behind('No ticket ${{ inputs.ticket_id')
    await page.keyboard.press('Backspace')
    await page.getByText('2 errors').waitFor()
    await page.keyboard.press('Control+.')
    await ada.dialogue().getByRole('button', { name: 'Write ticket_id' }).waitFor()
    await page.keyboard.press('Enter')
    await becomes(changed('No ticket ${{ inputs.ticket_id', 'No ticket ${{ inputs.ticket_i'))
    await page.getByText('1 error').waitFor()
    await page.keyboard.press('Control+.')
    await becomes(text)
    await expect.poll(() => ada.editor().evaluate(e => e === document.activeElement)).toBe(true)
  })
})

test('a text is judged anew when what it needs is there', async () => {
  await ada.editor().focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText('title: Call\ntasks:\n  call: {workflow: later}\n')
  await page.getByText('1 error').waitFor()
  folder(house).write('later', 'tasks:\n  rest: {action: core.noop}\n')
  await ada.checked()
})

describe('the graph and the text go together', () => {
  test('a task leads to its lines', async () => {
    await task('tell').click()
    await page.locator('.cm-activeLineGutter', { hasText: /^25$/ }).waitFor()
    expect(await page.locator('.g-marked-line').allTextContents()).toEqual(text.split('\n').slice(24, 27))
    await panel('tell').waitFor()
  })

  test('and its lines to the task', async () => {
    await behind('do: [note')
    await expect.poll(() => task('get').getAttribute('aria-pressed')).toBe('true')
    await behind('action: core.set')
    await expect.poll(() => task('note').getAttribute('aria-pressed')).toBe('true')
    await panel('note').waitFor()
    await behind('title: Tidy up')
    await panel('note').waitFor({ state: 'hidden' })
    expect(await task('note').getAttribute('aria-pressed')).toBe('false')
  })

  test('a way leads to its lines', async () => {
    await page.getByText('failure', { exact: true }).click()
    await page.locator('.cm-activeLineGutter', { hasText: /^14$/ }).waitFor()
    await panel('get').waitFor()
  })
})

describe('a task is added', () => {
  test('by what it does, with its inputs', async () => {
    await ada.button('Add a task').click()
    await page.getByLabel('Search an action or a workflow').fill('close ticket')
    await ada
      .dialogue()
      .getByRole('button', { name: /halo\.close_ticket/ })
      .click()
    await ada
      .dialogue()
      .getByRole('textbox', { name: /^ticket_id/ })
      .fill('12')
    await ada.dialogue().getByLabel('closure_note').fill('Done: all # of it')
    await ada.dialogue().getByLabel('After', { exact: true }).click()
    await page.getByRole('option', { name: 'note' }).click()
    await ada.button('Add the task').click()
    await becomes(
      changed(
        '        site: "${{ org.vars.site }}"\n',
        `        site: "\${{ org.vars.site }}"
    next: close_ticket

  close_ticket:
    action: halo.close_ticket
    with:
      ticket_id: 12
      closure_note: "Done: all # of it"
`,
      ),
    )
    await panel('close_ticket').waitFor()
  })

  test('behind the one that is selected', async () => {
    await task('tell').click()
    await panel('tell').getByRole('button', { name: 'Add a task after it' }).click()
    await page.getByLabel('Search an action or a workflow').fill('do nothing')
    await page.keyboard.press('Enter')
    await ada.dialogue().getByLabel(/^Name/).fill('tell')
    await ada.dialogue().getByText('There is a task of this name.').waitFor()
    expect(await ada.button('Add the task').isDisabled()).toBe(true)
    await ada.dialogue().getByLabel(/^Name/).fill('rest')
    await ada.button('Add the task').click()
    const message = '    with: {message: "No ticket ${{ inputs.ticket_id }}"}\n'
    await becomes(changed(message, `${message}    next: rest\n\n  rest:\n    action: core.noop\n`))
  })
})

describe('a task is changed', () => {
  test('its inputs, in a form', async () => {
    await task('tell').click()
    await panel('tell')
      .getByLabel(/^message/)
      .fill('Gone, "for good"')
    await becomes(changed('"No ticket ${{ inputs.ticket_id }}"', '\'Gone, "for good"\''))
    await page.keyboard.press('Tab')
    await ada.editor().focus()
    await page.keyboard.press('Control+z')
    await becomes(text)
  })

  test('its name, and whatever speaks of it', async () => {
    await task('get').click()
    await panel('get').getByRole('button', { name: 'Rename the task' }).click()
    await ada.dialogue().getByLabel('Name').fill('look_up')
    await ada.button('Rename').click()
    await becomes(text.replace('  get: # reads', '  look_up: # reads').replaceAll('tasks.get.', 'tasks.look_up.'))
    await panel('look_up').waitFor()
  })

  test('it goes, with the comment above it and what led to it, and comes back', async () => {
    await task('tell').click()
    await panel('tell').getByRole('button', { name: 'Delete the task' }).click()
    const without = text
      .replace('      - when: failed # alas\n        do: tell\n', '')
      .replace(/ {2}# somebody is told\n {2}tell:\n.*\n.*\n/, '')
    await becomes(without)
    await page.getByText('tell is deleted').waitFor()
    await page.keyboard.press('Control+z')
    await becomes(text)
  })
})

describe('tasks are connected', () => {
  test('by dragging from the lower edge of one to another', async () => {
    const from = page.locator('.react-flow__node', { hasText: 'note' }).locator('.react-flow__handle-bottom')
    const to = page.locator('.react-flow__node', { hasText: 'tell' }).locator('.react-flow__handle-top')
    await page.locator('.g-graph[aria-busy=false]').waitFor() // else it moves under the pointer
    await from.hover()
    await page.mouse.down()
    await to.hover()
    await page.mouse.up()
    await ada.dialogue().getByText('note leads to tell').waitFor()
    await ada.dialogue().getByLabel('After failure').check()
    await ada.button('Connect').click()
    const site = '        site: "${{ org.vars.site }}"\n'
    await becomes(changed(site, `${site}    next:\n      - when: failed\n        do: tell\n`))
  })

  test('by the dialogue, under a condition', async () => {
    await task('get').click()
    await panel('get').getByRole('button', { name: 'Connect it to …' }).click()
    await page.getByRole('option', { name: /^noop/ }).click()
    await ada.dialogue().getByLabel('When a condition holds').check()
    await ada
      .dialogue()
      .getByLabel(/^Condition/)
      .fill('succeeded && result.status_id == 9')
    await ada.dialogue().getByLabel('Label').fill('closed')
    await ada.button('Connect').click()
    await becomes(
      changed(
        '        do: tell\n',
        '        do: tell\n      - when: succeeded && result.status_id == 9\n        do: noop\n        label: closed\n',
      ),
    )
    await ada.checked()
  })

  test('a way is taken under another condition', async () => {
    await task('get').click()
    await panel('get').getByRole('button', { name: 'Change when it leads to note' }).click()
    await ada.dialogue().getByLabel('When a condition holds').check()
    await ada
      .dialogue()
      .getByLabel(/^Condition/)
      .fill('succeeded && result.client_id != 0')
    await ada.button('Change it').click()
    await becomes(changed('when: succeeded\n', 'when: succeeded && result.client_id != 0\n'))
    await panel('get').getByText('succeeded && result.client_id != 0').waitFor()
    await panel('get').getByRole('button', { name: 'Change when it leads to tell' }).click()
    await ada.dialogue().getByLabel('Always').check()
    await ada.dialogue().getByLabel('Label').fill('in any case')
    await ada.button('Change it').click()
    await becomes(
      changed('when: succeeded\n', 'when: succeeded && result.client_id != 0\n').replace(
        '      - when: failed # alas\n',
        '      - label: in any case\n',
      ),
    )
  })

  test('a way is taken away', async () => {
    await task('get').click()
    await panel('get').getByRole('button', { name: 'Remove the way to note' }).click()
    await becomes(changed('      - when: succeeded\n        do: [note] # then\n', ''))
  })
})

describe('nobody is kept out', () => {
  test('by the panel of a task and its dialogues', async () => {
    await task('get').click()
    await panel('get')
      .getByLabel(/^ticket_id/)
      .first()
      .waitFor()
    expect(await barriers(page)).toEqual([])
    for (const name of ['Change when it leads to note', 'Connect it to …', 'Add a task after it']) {
      await panel('get').getByRole('button', { name }).click()
      await ada.dialogue().waitFor()
      expect(await barriers(page), name).toEqual([])
      await ada.dialogue().getByRole('button').first().click()
      await ada.dialogue().waitFor({ state: 'hidden' })
    }
  })

  test.each([true, false])('on a phone (dark: %s)', async dark => {
    const phone = await visit(browser, house.url, { width: 390, height: 844, dark })
    await signIn(phone.page, 'ada@example.com')
    await phone.page.goto('/workflows/tidy?task=get')
    const wide = () => phone.page.evaluate(() => document.documentElement.scrollWidth)
    await phone.page
      .getByRole('region', { name: 'Task get' })
      .getByLabel(/^ticket_id/)
      .first()
      .waitFor()
    expect(await barriers(phone.page)).toEqual([])
    expect(await wide()).toBeLessThanOrEqual(390)
    await phone.page.getByText('YAML', { exact: true }).first().click()
    const there = author(phone)
    await there.checked()
    await there.editor().click()
    await phone.page.keyboard.press('Control+End')
    await phone.page.keyboard.insertText('x')
    await phone.page.getByText('Diagnostics (1)').click()
    await phone.page.getByRole('region', { name: 'What the checker found' }).getByRole('button').first().click()
    await there.editor().waitFor()
    await there.button('Publish …').click()
    await there.dialogue().getByText('does not check').waitFor()
    expect(await wide()).toBeLessThanOrEqual(390)
    expect(await barriers(phone.page)).toEqual([])
    expect(phone.complaints).toEqual([])
    await phone.context.close()
  })
})

test('what was written by forms is kept as it stands in the editor', async () => {
  await task('tell').click()
  await panel('tell')
    .getByLabel(/^message/)
    .fill('Gone')
  await becomes(changed('"No ticket ${{ inputs.ticket_id }}"', 'Gone'))
  await page.keyboard.press('Control+s') // from the form
  await ada.unsaved().waitFor({ state: 'hidden' })
  expect((await ada.draftOf('tidy')).text).toBe(await lines())
  await ada.write('# more\n')
  await page.keyboard.press('Control+s') // from the editor
  await ada.unsaved().waitFor({ state: 'hidden' })
  expect((await ada.draftOf('tidy')).text).toMatch(/# more\n$/)
})
