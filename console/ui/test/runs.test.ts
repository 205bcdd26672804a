import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type House, openHouse } from './house'
import { call, run, workflows } from './seed'
import { askAround, type Outside, openOutside, workflowsOfRuns } from './seed-of-runs'
import { barriers, openBrowser, settled, setUp, sideways, signIn, type Visitor, visit } from './visitor'

// What an MSP admin does with runs: writes whose answers were lost, repeating, comparing, mocks, pausing, looking inside,
// the list, what handles failures, and what a backup had that was restored.

const secret = 'heron-4711-weather'
const client = 'northwind-dental'

let house: House
let browser: Browser
let ada: Visitor
let page: Page
let outside: Outside
let halo = ''

beforeAll(async () => {
  house = await openHouse({ ...workflows, ...workflowsOfRuns })
  outside = await openOutside()
  browser = await openBrowser()
  ada = await visit(browser, house.url)
  page = ada.page
  await setUp(page, house.setUp)
  const { config } = await api('GET', '/organisations/_/instances/halo')
  halo = config.resource_server
})

afterAll(async () => {
  await browser?.close()
  await outside?.close()
  await house?.stop()
})

afterEach(() => {
  expect(ada.complaints.splice(0), 'what the browser complained of').toEqual([])
})

const api = (method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown) =>
  call(ada.context.request, method, path, data)
const start = (workflow: string, inputs: object = {}, organisation = client) =>
  run(ada.context.request, workflow, organisation, inputs)
const shown = (id: string) => api('GET', `/runs/${id}`)
const dialogue = () => page.getByRole('dialog')
const answered = () => dialogue().getByLabel(/^What it would have answered/)
const button = (name: string | RegExp) => page.getByRole('button', { name })
const status = () => page.getByRole('status').first()
const relations = () => page.getByRole('list', { name: 'Other runs, and what people did' })
const panel = (task: string) => page.getByRole('region', { name: `Task ${task}` })
const address = () => new URL(page.url())

/** Has HaloPSA lose the answer to a note: after it has been written, or before. */
async function loseAnswer({ written = true, skip = 0 } = {}) {
  const fault = { kind: 'drop', method: 'POST', path: '/api/actions', after: written, skip }
  await fetch(`${halo}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) })
}

/** How often HaloPSA was asked to write a note. */
async function writes(): Promise<number> {
  const requests = await (await fetch(`${halo}/_sandbox/requests`)).json()
  return requests.filter(
    (r: { method: string; path: string }) => r.method === 'POST' && /\/api\/actions$/i.test(r.path),
  ).length
}

/** Says in the dialogue what became of a write. */
async function say(outcome: 'It was done' | 'It was not done', result = '') {
  await dialogue()
    .getByRole('radio', { name: new RegExp(`^${outcome}`) })
    .check()
  if (result) await answered().fill(result)
  await dialogue().getByRole('button', { name: 'Keep this' }).click()
}

/** What is looked at stands in the address: it is there again when the page is. */
async function stays(look: () => Promise<unknown>) {
  await look()
  await page.reload()
  await look()
}

/** Everybody can use the page as it is, at a desk and on a phone. */
async function suitsAll() {
  const desk = page.viewportSize()
  for (const size of [desk, { width: 390, height: 844 }]) {
    if (size) await page.setViewportSize(size)
    await settled(page)
    expect(await barriers(page), `at ${size?.width} pixels`).toEqual([])
    expect(await sideways(page), `at ${size?.width} pixels`).toBe(0)
  }
  if (desk) await page.setViewportSize(desk)
}

describe.sequential('the answer to a write was lost', () => {
  let id = ''
  let before = 0

  test('the page says so, and the run is not resumed before somebody has looked', async () => {
    await loseAnswer()
    id = await start('service/note')
    before = await writes()
    await page.goto(`/runs/${id}`)
    await page.getByText('Nobody knows whether a write was done.').waitFor()
    await panel('note').getByText('outcome unknown').waitFor()
    expect(await barriers(page)).toEqual([])
    await button('Resume').click()
    await dialogue().getByText('Say first what became of these writes.').waitFor()
    expect(await dialogue().getByText('Repeat note').count()).toBe(0)
    expect(await dialogue().getByRole('button', { name: 'Resume', exact: true }).isDisabled()).toBe(true)
    await dialogue().getByRole('link', { name: 'note' }).click()
    await dialogue().waitFor({ state: 'hidden' })
  })

  test('it was done: what the workflow reads of the answer has to be given', async () => {
    await button('Say what became of note').click()
    await say('It was done')
    await dialogue()
      .getByText(/is read by task keep/)
      .waitFor()
    expect(await barriers(page)).toEqual([])
    await answered().fill('{"id": 2231')
    await dialogue().getByText('This is no JSON yet.').waitFor()
    expect(await dialogue().getByRole('button', { name: 'Keep this' }).isDisabled()).toBe(true)
    await say('It was done', '{"id": 2231}')
    await dialogue().waitFor({ state: 'hidden' })
    await page.getByText('It is known now what became of note.').waitFor()
    await relations().getByText('that note was done').waitFor()
    expect(await page.getByText('Nobody knows whether').count()).toBe(0)
  })

  test('the word can be changed until the run is resumed', async () => {
    await panel('note').getByRole('button', { name: 'Say something else of it' }).click()
    await say('It was done', '{"id": 2232}')
    await dialogue().waitFor({ state: 'hidden' })
    expect((await shown(id)).resolutions).toHaveLength(2)
  })

  test('the run goes on with what was said, and writes nothing again', async () => {
    await button('Resume').click()
    await dialogue().getByText('Go on with note').waitFor()
    await dialogue().getByRole('button', { name: 'Resume', exact: true }).click()
    await status().getByText('succeeded').waitFor()
    expect((await shown(id)).outputs).toEqual({ number: 2232 })
    expect(await writes()).toBe(before)
  })

  test('it was not done: then it is repeated, once', async () => {
    await loseAnswer({ written: false })
    id = await start('service/note')
    before = await writes()
    await page.goto(`/runs/${id}`)
    await button('Say what became of note').click()
    await say('It was not done')
    await page.getByText('Ada Admin said that note was not done.').waitFor()
    await button('Resume').click()
    await dialogue().getByText('Repeat note').waitFor()
    await dialogue().getByRole('button', { name: 'Resume', exact: true }).click()
    await status().getByText('succeeded').waitFor()
    expect(await writes()).toBe(before + 1)
  })

  test('of an item of several: the others are not written again', async () => {
    await loseAnswer({ skip: 1 })
    id = await start('service/notes')
    before = await writes()
    await page.goto(`/runs/${id}?task=notes&item=1`)
    await panel('notes').getByRole('heading', { name: 'Item 1' }).waitFor()
    await panel('notes')
      .getByText(/the answer was lost/)
      .waitFor()
    await button('Say what became of notes, item 1').click()
    await say('It was done')
    await page.getByText('It is known now what became of notes, item 1.').waitFor()
    await button('Resume').click()
    await dialogue().getByText('Repeat 1 of 3 items of notes').waitFor()
    await dialogue().getByRole('button', { name: 'Resume', exact: true }).click()
    await status().getByText('succeeded').waitFor()
    expect(await writes()).toBe(before + 1)
  })

  test('in a sub-workflow: the page of its run is led to, and back', async () => {
    await loseAnswer()
    id = await start('service/round')
    await page.goto(`/runs/${id}`)
    await button('Resume').click()
    await dialogue().getByRole('link', { name: 'note' }).click()
    await page.getByRole('heading', { level: 1, name: 'Write a note' }).waitFor()
    expect(await button('Resume').count()).toBe(0)
    await button('Say what became of note').click()
    await say('It was done', '{"id": 2231}')
    await page.getByRole('link', { name: 'the run that it is part of' }).click()
    await page.getByRole('heading', { level: 1, name: 'Have a note written' }).waitFor()
    await button('Resume').click()
    await dialogue().getByRole('button', { name: 'Resume', exact: true }).click()
    await status().getByText('succeeded').waitFor()
    expect((await shown(id)).tasks[0].result).toEqual({ number: 2231 })
  })
})

describe.sequential('a run that failed is resumed', () => {
  test('with another input, which stays to be filled in while it does not fit', async () => {
    const id = await start('service/note', { ticket_id: 999_999 })
    await page.goto(`/runs/${id}`)
    await button('Resume').click()
    await dialogue().getByRole('button', { name: 'Give it other inputs' }).click()
    const ticket = dialogue()
      .getByRole('textbox', { name: /ticket/i })
      .first()
    await ticket.fill('')
    await dialogue().getByText('is needed').waitFor()
    const resume = dialogue().getByRole('button', { name: 'Resume', exact: true })
    expect(await resume.isDisabled()).toBe(true)
    await ticket.fill('2045')
    await resume.click()
    await status().getByText('succeeded').waitFor()
    await relations().getByText('with other inputs for note').waitFor()
  })
})

describe.sequential('a run is repeated', () => {
  let first = ''

  test('with another input, and without one: then its default counts', async () => {
    first = await start('service/duty', { team: '2nd line', day: 'Monday' })
    await page.goto(`/runs/${first}`)
    await button('Run again').click()
    await dialogue().getByLabel(/^day/).fill('Tuesday')
    await dialogue().getByLabel('team').fill('')
    await dialogue()
      .getByText(/with another value for day, team/)
      .waitFor()
    await dialogue().getByRole('button', { name: 'Run again' }).click()
    await page.waitForURL(url => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(first))
    await status().getByText('succeeded').waitFor()
    const again = await shown(address().pathname.split('/').pop() ?? '')
    expect(again.inputs).toEqual({ team: '1st line', day: 'Tuesday' })
    expect(again.rerun_of).toBe(first)
  })

  test('its page leads to the one that it repeats', async () => {
    await relations().getByRole('link', { name: 'an earlier run' }).click()
    await page.waitForURL(`**/runs/${first}`)
  })

  test('not without what it needs', async () => {
    await button('Run again').click()
    await dialogue().getByLabel(/^day/).fill('')
    await dialogue().getByText('is needed').waitFor()
    expect(await dialogue().getByRole('button', { name: 'Run again' }).isDisabled()).toBe(true)
    await dialogue().getByRole('button', { name: 'Leave it' }).click()
  })
})

describe.sequential('a run that failed is compared with the last success', () => {
  const cells = (table: string) =>
    page
      .getByRole('table', { name: table })
      .getByRole('row')
      .filter({ has: page.getByRole('cell') })
      .allInnerTexts()

  test('there is nothing to compare with where none succeeded', async () => {
    const id = await start('service/duty', { team: 'nobody', day: 'Friday' }, 'contessa-legal-ltd')
    await page.goto(`/runs/${id}?tab=compare`)
    await page.getByText('Nothing to compare with').waitFor()
  })

  test('the inputs, and which way it went', async () => {
    const id = await start('service/duty', { team: 'nobody', day: 'Friday' })
    await page.goto(`/runs/${id}`)
    await button('More about this run').click()
    await page.getByRole('menuitem', { name: 'Compare with the last success' }).click()
    await page.getByRole('table', { name: 'Inputs of the run' }).waitFor()
    expect(address().searchParams.get('tab')).toBe('compare')
    const inputs = await cells('Inputs of the run')
    expect(inputs.map(row => row.split('\t'))).toEqual([
      ['inputs.day', '"Tuesday"', '"Friday"'],
      ['inputs.team', '"1st line"', '"nobody"'],
    ])
    const tasks = await cells('Tasks of both runs')
    const told = (row: string) =>
      row
        .replaceAll(/(< )?[\d.]+ m?s/g, '')
        .split(/\s+/)
        .filter(Boolean)
        .join(' ')
    expect(tasks.map(told)).toEqual([
      'look succeeded succeeded differs',
      'stop did not run failed',
      'tell succeeded did not run',
    ])
  })

  test('what the first of them gave that differs, and any other that is chosen', async () => {
    await page.getByRole('table', { name: 'What it gave' }).waitFor()
    expect((await cells('What it gave')).at(-1)).toBe('tasks.look.result.team\t"1st line"\t"nobody"')
    await stays(async () => {
      await page.getByRole('table', { name: 'Tasks of both runs' }).getByRole('button', { name: 'stop' }).click()
      await page.getByText('stop did not run in the success.').waitFor()
    })
    expect(address().searchParams.get('task')).toBe('stop')
  })
})

describe.sequential('what tasks gave is copied as mocks', () => {
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText())

  /** What the checker says of a workflow of its own with these tasks. */
  function checked(tasks: object, inputs: object = {}): string {
    const path = join(house.project, 'workflows/mocked.yaml')
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, stringify({ title: 'Mocked', inputs, tasks }))
    try {
      return house.gantry('check', 'workflows/mocked.yaml')
    } finally {
      rmSync(path)
    }
  }

  const written = (name: string) => parse(readFileSync(join(house.project, name), 'utf8'))

  test('of one task', async () => {
    const id = await start('triage/new-ticket', { ticket_id: 2045 })
    await page.goto(`/runs/${id}?task=get_ticket`)
    await panel('get_ticket').getByRole('button', { name: 'Copy as a mock' }).click()
    await page.getByText(/^Copied the mock of get_ticket/).waitFor()
    const { mock } = parse(await clipboard())
    expect(mock.result).toMatchObject({ id: 2045, summary: 'Laptop does not charge' })
    const { inputs, tasks } = written('workflows/triage/new-ticket.yaml')
    const said = checked({ get_ticket: { action: tasks.get_ticket.action, with: tasks.get_ticket.with, mock } }, inputs)
    expect(said).toContain('0 errors')
    expect(said).not.toContain('this is not what halo.get_ticket gives')
  })

  test('of a for_each: each item its own, and none where it failed', async () => {
    const id = await start('service/look')
    await page.goto(`/runs/${id}?task=tickets&part=result`)
    await panel('tickets').getByRole('button', { name: 'Copy as a mock' }).click()
    await page.getByText('Items that failed give null there: 1.').waitFor()
    const { mock } = parse(await clipboard())
    expect(mock.result).toMatch(/^\$\{\{ \[\{.*"id":2045\b.*\},null\]\[index\] \}\}$/s)
    await page.goto(`/runs/${id}?task=tickets&item=1`)
    await panel('tickets').getByRole('button', { name: 'Copy as a mock' }).click()
    await expect.poll(clipboard).toContain('code: not_found')
  })

  test('of all of them, below their names', async () => {
    await button('More about this run').click()
    await page.getByRole('menuitem', { name: 'Copy its tasks as mocks' }).click()
    await page.getByText('Copied the mocks of 2 tasks.').waitFor()
    const mocks = parse(await clipboard()).tasks
    const { tasks } = written('workflows/service/look.yaml')
    for (const name of Object.keys(tasks)) Object.assign(tasks[name], mocks[name])
    const said = checked(tasks)
    for (const name of ['tickets is mocked', 'count is mocked', '0 errors']) expect(said).toContain(name)
    expect(said).not.toContain('this is not what')
  })
})

describe.sequential('a run is held up, and ended', () => {
  async function begin(): Promise<string> {
    const { id } = await api('POST', '/runs', {
      workflow: 'service/held',
      organisation: client,
      inputs: { server: outside.url },
    })
    await outside.asked()
    await page.goto(`/runs/${id}`)
    return id
  }
  let id = ''

  test('paused, it ends what it is at and begins nothing new', async () => {
    id = await begin()
    await status().getByText('running').waitFor()
    await button('Pause').click()
    await status().getByText('paused').waitFor()
    outside.answer()
    await button(/^hold/).getByText('succeeded').waitFor()
    await panel('after').getByText('It has not begun yet.').waitFor()
    expect(await shown(id)).toMatchObject({ status: 'paused' })
  })

  test('let go on, it does', async () => {
    await button('Let it go on').click()
    await status().getByText('succeeded').waitFor()
    expect((await shown(id)).tasks.map((t: { status: string }) => t.status)).toEqual(['succeeded', 'succeeded'])
  })

  test('cancelled only when that is confirmed', async () => {
    id = await begin()
    await button('Cancel').click()
    await dialogue().getByText('What is done stays done.').waitFor()
    await dialogue().getByRole('button', { name: 'Leave it' }).click()
    await dialogue().waitFor({ state: 'hidden' })
    expect(await shown(id)).toMatchObject({ status: 'running' })
    await button('Cancel').click()
    await dialogue().getByRole('button', { name: 'Cancel the run' }).click()
    await status().getByText('cancelled').waitFor()
    await page.getByText('The run was cancelled: by Ada Admin.').waitFor()
    await panel('hold').getByText('Cut off: the run was cancelled.').waitFor()
    expect(await panel('hold').getByText('handled this failure').count()).toBe(0)
    await button('Resume').waitFor()
    outside.answer()
  })
})

describe.sequential('the inside of a run', () => {
  let id = ''
  const tab = (name: string | RegExp) => page.getByRole('tab', { name })

  test('each task is found in the graph and in the list, and stands in the address', async () => {
    await api('PUT', `/organisations/_/variables/weather_key`, { value: secret, type: 'secret' })
    await api('POST', '/workflows/service%2Fask-around/publish', { text: askAround, comment: 'new', base: '' })
    id = await start('service/ask-around', { server: outside.url })
    await page.goto(`/runs/${id}`)
    await panel('lost').waitFor() // what failed comes first
    await stays(async () => {
      await button(/^ask/).click()
      await panel('ask').waitFor()
      await page.getByText('List', { exact: true }).click()
      await page.getByRole('list', { name: 'Tasks of this run' }).getByRole('button', { name: /^ask/ }).waitFor()
    })
    expect(Object.fromEntries(address().searchParams)).toMatchObject({ task: 'ask', view: 'list' })
  })

  test('what it was given and gave, without what is secret', async () => {
    await stays(async () => {
      await tab('Inputs').click()
      await panel('ask').getByText('weather', { exact: false }).first().waitFor()
      await panel('ask').getByText('X-Key').waitFor()
    })
    await tab('Result').click()
    await panel('ask').getByText('“rain”').waitFor()
    expect(await page.content()).not.toContain(secret)
  })

  test('each attempt, and why it was not the last', async () => {
    await stays(async () => {
      await tab('Attempts (2)').click()
      const attempts = panel('ask').getByRole('table', { name: 'Attempts' })
      await attempts.getByRole('row', { name: /Attempt 1 .*503.*failed/s }).waitFor()
      await attempts.getByRole('row', { name: /Attempt 2 .*succeeded/s }).waitFor()
    })
  })

  test('its requests, with their secrets masked', async () => {
    await stays(async () => {
      await panel('ask').getByRole('tab', { name: 'Requests' }).click()
      await panel('ask').getByText('/weather?key=********').first().waitFor()
    })
    const requests = await panel('ask').getByRole('row').allInnerTexts()
    expect(requests.slice(1).map(row => /\b(503|200)\b/.exec(row)?.[0])).toEqual(['503', '200'])
    expect(await page.content()).not.toContain(secret)
    await page.getByRole('tab', { name: 'Requests' }).first().click()
    await page.getByText('6 requests,').waitFor()
    expect(await page.content()).not.toContain(secret)
    expect(JSON.stringify(await api('GET', `/runs/${id}?requests=true`))).not.toContain(secret)
  })

  test('what it published, and what a later task saw of that', async () => {
    await page.goto(`/runs/${id}?task=ask`)
    await stays(async () => {
      await tab('Published').click()
      await panel('ask').getByText('It led on to tickets.').waitFor()
      await panel('ask').getByText('“rain”').waitFor()
    })
    await page.goto(`/runs/${id}?task=lost`)
    await stays(async () => {
      await tab('What it saw').click()
      await panel('lost').getByText('“rain”').waitFor()
    })
  })

  test('an error says what to do', async () => {
    await panel('lost').getByText('HaloPSA does not know this (404)').waitFor()
    await panel('lost')
      .getByText(/^Check the id/)
      .waitFor()
  })

  test('the items of a for_each: those that failed, and one of them', async () => {
    await page.goto(`/runs/${id}?task=tickets`)
    await stays(async () => {
      await panel('tickets').getByText('failed 1').click()
      await expect.poll(() => panel('tickets').getByRole('listitem').count()).toBe(1)
      await panel('tickets')
        .getByRole('button', { name: /^Item 1/ })
        .waitFor()
    })
    await panel('tickets')
      .getByRole('button', { name: /^Item 1/ })
      .click()
    await stays(async () => {
      await panel('tickets').getByRole('heading', { name: 'Item 1' }).waitFor()
      await panel('tickets').getByText('HaloPSA does not know this (404)').waitFor()
      await tab('Inputs').click()
      await panel('tickets').getByText('999999').waitFor()
    })
    await button('All items').click()
    await panel('tickets').getByRole('list', { name: 'Items of tickets' }).waitFor()
  })

  test('the timeline, by mouse and by keys', async () => {
    await page.getByRole('tab', { name: 'Timeline' }).click()
    const lines = page.getByRole('region', { name: /^Timeline/ })
    await stays(() => lines.waitFor())
    await lines.focus()
    await page.keyboard.press('ArrowDown')
    await page.getByText(/^ask: failed/).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^ask: waits before it tries again/).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText(/^ask: attempt 2 succeeded/).waitFor()
    await lines.getByRole('button', { name: 'Show the items of tickets' }).click()
    await lines.getByRole('button', { name: 'item 1' }).click()
    await panel('tickets').getByRole('heading', { name: 'Item 1' }).waitFor()
    expect(Object.fromEntries(address().searchParams)).toMatchObject({ task: 'tickets', item: '1' })
  })
})

describe.sequential('a text is found in a run', () => {
  const table = () => page.getByRole('table', { name: 'Where it stands' })
  const find = (text: string) => page.getByRole('searchbox', { name: 'Find in this run' }).fill(text)
  let id = ''

  /** Whose it is, in what, and where, of each place. */
  async function places(): Promise<string[]> {
    const rows = await table()
      .getByRole('row')
      .filter({ has: page.getByRole('cell') })
      .allInnerTexts()
    return rows.map(row =>
      row
        .split('\t')
        .slice(0, 3)
        .map(cell => cell.trim())
        .join(' ')
        .trim(),
    )
  }

  /** A click on this place leads to the task, and to this part of it. */
  async function leads(whose: string, row: RegExp, place: object) {
    await table().getByRole('row', { name: row }).getByRole('button', { name: whose, exact: true }).click()
    await expect.poll(() => Object.fromEntries(address().searchParams)).toMatchObject(place)
    await page.goBack()
    await table().waitFor()
  }

  test('in inputs and requests, of items as well; it stands in the address', async () => {
    id = await start('service/ask-around', { server: outside.url })
    await page.goto(`/runs/${id}`)
    await page.getByRole('tab', { name: 'Find' }).click()
    await find('999999')
    await stays(async () => {
      await page.getByText('4 places.').waitFor()
      expect(await places()).toEqual([
        'tickets, item 1 inputs ticket_id',
        'tickets, item 1 request',
        'lost inputs ticket_id',
        'lost request',
      ])
    })
    expect(Object.fromEntries(address().searchParams)).toMatchObject({ tab: 'find', find: '999999' })
    await suitsAll()
  })

  test('in results and published values', async () => {
    await find('rain')
    await expect.poll(places).toEqual(['ask result body.weather', 'ask published weather'])
  })

  test('in errors', async () => {
    await find('does NOT know')
    await expect.poll(places).toEqual(['the run error message', 'tickets, item 1 error message', 'lost error message'])
  })

  test('each place leads to the task and to the part of it, and the back button to them all', async () => {
    await leads('tickets, item 1', /^tickets/, { task: 'tickets', item: '1', part: 'result' })
    await find('rain')
    await expect.poll(places).toHaveLength(2)
    await leads('ask', /published/, { task: 'ask', part: 'published' })
    await table()
      .getByRole('row', { name: /result/ })
      .getByRole('button', { name: 'ask' })
      .click()
    await panel('ask').getByText('“rain”').waitFor()
  })

  test('not what is secret, only that something is masked there', async () => {
    await page.goto(`/runs/${id}?tab=find&find=${secret}`)
    await page.getByText('It stands nowhere in this run.').waitFor()
    await find('/weather?key=')
    await expect.poll(places).toEqual(['ask request'])
    await table().getByText('/weather?key=********').waitFor()
  })
})

describe.sequential('the list of runs', () => {
  const titles = async () =>
    (await page.getByRole('table', { name: 'Runs' }).getByRole('link').allInnerTexts()).map(t => t.trim())
  /** The list shows these workflows alone, in the address and after a reload as well. */
  async function lists(expected: string[], name: string, value: string) {
    await stays(async () => {
      await expect.poll(async () => [...new Set(await titles())].sort()).toEqual(expected)
    })
    expect(address().searchParams.get(name)).toBe(value)
  }
  async function choose(label: string, option: string) {
    await page.getByRole('combobox', { name: label }).click()
    await page.getByRole('option', { name: option, exact: true }).click()
  }

  test('is narrowed by workflow', async () => {
    await page.goto('/runs')
    await choose('Workflow', 'Ask around')
    await lists(['Ask around'], 'workflow', 'service/ask-around')
  })

  test('by status, and all of it is shown again', async () => {
    await button('Clear').click()
    await expect.poll(() => address().search).toBe('')
    await choose('Status', 'cancelled')
    await lists(['Wait for an answer'], 'status', 'cancelled')
  })

  test('by organisation', async () => {
    await page.goto('/runs')
    await page.getByRole('textbox', { name: 'Organisation' }).fill('Contessa')
    await page.getByRole('option', { name: /Contessa/ }).click()
    await lists(['Who is on duty'], 'organisation', 'contessa-legal-ltd')
  })

  test('by what started it', async () => {
    await api('POST', '/triggers/triage%2Fnew-ticket/new%20ticket/fire', {
      data: { body: { event: 'new ticket logged', object_id: 2123 } },
      organisations: ['contessa-legal-ltd'],
    })
    await page.goto('/runs')
    await choose('Started by', 'Webhook')
    await lists(['Triage a new ticket'], 'type', 'webhook')
    await page.getByText('Webhook: new ticket').waitFor()
  })

  test('by a word of its inputs', async () => {
    await page.goto('/runs')
    await page.getByRole('searchbox', { name: 'Search' }).fill('Monday')
    await lists(['Who is on duty'], 'search', 'Monday')
    expect(await titles()).toHaveLength(1)
  })

  test('by time', async () => {
    await page.goto('/runs?workflow=service%2Fheld')
    await choose('When', 'From … until …')
    await page.getByLabel('Until').fill('2020-01-01T00:00')
    await page.getByText('Nothing fits what is looked for.').waitFor()
    await page.getByLabel('Until').fill('')
    await page.getByLabel('From').fill('2020-01-01T00:00')
    await lists(['Wait for an answer'], 'from', '2020-01-01T00:00')
    await choose('When', 'The last hour')
    await lists(['Wait for an answer'], 'when', '1h')
  })

  test('runs that other runs started come when they are asked for', async () => {
    await page.goto('/runs?workflow=service%2Falarm')
    await page.getByText('Nothing fits what is looked for.').waitFor()
    await page.getByLabel(/^Also sub-workflows/).click()
    await lists(['What to do when a run has failed'], 'all', 'yes')
    await page.getByText('failure of service/duty').first().waitFor()
  })

  test('shows a new run by itself', async () => {
    await page.goto('/runs?search=Wednesday')
    await page.getByText('Nothing fits what is looked for.').waitFor()
    await start('service/duty', { day: 'Wednesday' })
    await expect.poll(titles).toEqual(['Who is on duty'])
  })
})

describe.sequential('a failure has a handler', () => {
  test('the run that failed leads to the one that handled it, and that back', async () => {
    const id = await start('service/duty', { team: 'nobody', day: 'Sunday' })
    await page.goto(`/runs/${id}`)
    await relations().getByText('Its failure was handled by').waitFor()
    await relations().getByRole('link', { name: 'service/alarm' }).click()
    await page.getByRole('heading', { level: 1, name: 'What to do when a run has failed' }).waitFor()
    await page.getByRole('tab', { name: 'Data' }).click()
    await page.getByRole('region', { name: 'Outputs' }).getByText('“Nobody is on duty on Sunday.”').waitFor()
    await relations().getByText('Handles the failure of').waitFor()
    await relations().getByRole('link', { name: 'service/duty' }).click()
    await page.waitForURL(`**/runs/${id}`)
  })
})

describe.sequential('a backup was restored', () => {
  const held = () => page.getByRole('alert').filter({ hasText: 'It is held since a backup was restored' })
  const plan = () => dialogue().getByRole('list', { name: 'What it will do' })
  const resume = () => dialogue().getByRole('button', { name: 'Resume', exact: true })
  let id = ''
  let whole = ''
  let part = ''

  /** Starts a run of which a part waits for an answer. */
  async function beginWhole() {
    whole = (await api('POST', '/runs', { workflow: 'service/newcomers', organisation: client })).id
    await expect.poll(async () => (part = (await shown(whole)).tasks[0]?.run)).toBeTruthy()
    await expect.poll(async () => (await shown(part)).status).toBe('waiting')
  }

  test('a run that had not ended is held, and its page says why', async () => {
    id = await start('onboarding/new-starter', { name: 'Dana Reyes' })
    await beginWhole()
    const backup = join(house.project, '..', 'monday.backup')
    house.gantry('backup', backup, '--sandbox')
    await page.goto('about:blank')
    await house.whileStopped(() => house.gantry('restore', backup, '--force', '--sandbox', '--quiet'))
    await signIn(page, 'ada@example.com')
    await page.goto(`/runs/${id}`)
    await held()
      .getByText(/^Restored from the backup of .* What this run does next may have been done/)
      .waitFor()
    await status().getByText('paused').waitFor()
    expect(await shown(id)).toMatchObject({
      status: 'paused',
      held: { why: expect.stringMatching(/^restored from the backup/) },
    })
    await suitsAll()
  })

  test('nothing is offered that the server would refuse', async () => {
    await button('Cancel').waitFor()
    for (const name of ['Let it go on', 'Pause']) expect(await button(name).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Answer it' }).count()).toBe(0)
    await expect(api('POST', `/runs/${id}/unpause`)).rejects.toThrow('409')
    await expect(api('POST', `/runs/${id}/resume`)).rejects.toThrow('although_held')
  })

  test('it goes on once somebody says that they have looked', async () => {
    await button('Show what it does next').click()
    await plan().getByText('Go on with ask').waitFor()
    expect(await resume().isDisabled()).toBe(true)
    await suitsAll()
    await dialogue()
      .getByLabel(/^I have looked/)
      .check()
    await resume().click()
    await status().getByText('waiting').waitFor()
    await held().waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Answer it' }).click()
    await button('Business Premium').click()
    await expect.poll(async () => (await shown(id)).status).toBe('succeeded')
  })

  test('a part leads to the run that it goes on with, which can be cancelled', async () => {
    await page.goto(`/runs/${part}`)
    await held().getByText('Decide about the run that it is part of').waitFor()
    expect(await button('Show what it does next').count()).toBe(0)
    await held().getByRole('link', { name: 'the run that it is part of' }).click()
    await page.waitForURL(`**/runs/${whole}`)
    await held().waitFor()
    await button('Cancel').click()
    await dialogue().getByRole('button', { name: 'Cancel the run' }).click()
    await status().getByText('cancelled').waitFor()
    await held().waitFor({ state: 'detached' })
    expect((await shown(part)).status).toBe('cancelled')
  })
})
