import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { addUser, author, folder, secret } from './author'
import { type House, openHouse } from './house'
import { barriers, openBrowser, setUp, signIn, type Visitor, visit } from './visitor'

// What becomes of a workflow: its versions, another id, its end; and who may have it so, under which rules.

const saying = (word: string) =>
  `title: Say ${word}\ntasks:\n  say:\n    action: core.set\n    with: {values: {word: ${word}}}\n`

const project: Record<string, string> = {
  'workflows/history.yaml': saying('first'),
  'workflows/called.yaml': saying('called'),
  'workflows/alarm.yaml': saying('alarm'),
  'workflows/calls.yaml': 'title: Calls\ntasks:\n  call: {workflow: called}\non_failure: {workflow: alarm}\n',
  'workflows/lonely.yaml': saying('lonely'),
  'workflows/other.yaml': saying('other'),
  'workflows/hooked.yaml': `${saying('hooked')}triggers: # two of them
  - {name: by hand, type: always_pass}
  - name: hook
    type: webhook
    verify: none # for now
`,
}

let browser: Browser
let house: House
let files: ReturnType<typeof folder>
let visitor: Visitor
let ada: ReturnType<typeof author>

/** Opens a project, and somebody who administers it. */
async function begin(more: Record<string, string> = {}) {
  house = await openHouse({ ...project, ...more })
  files = folder(house)
  visitor = await visit(browser, house.url)
  await setUp(visitor.page, house.setUp)
  ada = author(visitor)
}

async function end() {
  await visitor.context.close()
  await house.stop()
}

beforeAll(async () => {
  browser = await openBrowser()
})

afterAll(() => browser?.close())

afterEach(() => {
  expect(visitor.complaints.splice(0), 'what the browser complained of').toEqual([])
})

describe.sequential('as a project is by itself', () => {
  beforeAll(() => begin())
  afterAll(end)

  describe.sequential('versions', () => {
    const rows = () => ada.page.getByRole('table', { name: 'Versions' }).getByRole('row')
    const row = (n: number) => rows().nth(n)

    test('come page by page', async () => {
      let base = (await ada.workflow('history')).version
      for (let n = 1; n <= 12; n++) {
        const text = { text: saying(`word${n}`), comment: `Change ${n}`, base }
        base = (await ada.api('POST', '/workflows/history/publish', text)).version
      }
      // Of five each, so that there need not be more than fifty.
      await ada.page.route(/versions\?limit=50/, route =>
        route.continue({ url: route.request().url().replace('limit=50', 'limit=5') }),
      )
      await ada.page.goto('/workflows/history?view=versions')
      await row(1).getByText('Change 12').waitFor()
      expect(await row(1).innerText()).toContain('in use')
      expect(await rows().count()).toBe(1 + 5)
      await ada.button('Show older ones').click()
      await row(10).getByText('Change 3').waitFor()
      await ada.button('Show older ones').click()
      await row(13).getByText('file changed outside').waitFor()
      expect(await rows().count()).toBe(1 + 13)
      expect(await ada.button('Show older ones').count()).toBe(0)
    })

    test('are compared with the file, and with each other', async () => {
      await ada.button('Compare version 7').click()
      const differs = ada.page.getByRole('region', { name: 'What differs' }).first()
      await differs
        .getByRole('textbox', { name: /version 7$/ })
        .getByText('Say word6')
        .waitFor()
      await differs
        .getByRole('textbox', { name: /the file now$/ })
        .getByText('Say word12')
        .waitFor()
      await differs.getByLabel('To', { exact: true }).first().click()
      await ada.page.getByRole('option', { name: 'version 9', exact: true }).click()
      await differs
        .getByRole('textbox', { name: /version 9$/ })
        .getByText('Say word8')
        .waitFor()
      expect(new URL(ada.page.url()).searchParams.get('compare')).toBe('7-9')
      expect(await barriers(ada.page)).toEqual([])
    })

    test('of the address are shown, also where the list does not reach', async () => {
      await ada.page.goto('/workflows/history?view=versions&compare=2-3')
      await ada.page
        .getByRole('textbox', { name: /version 2$/ })
        .getByText('Say word1')
        .waitFor()
      await ada.page
        .getByRole('textbox', { name: /version 3$/ })
        .getByText('Say word2')
        .waitFor()
      await ada.button('Close').click()
      await ada.page.getByRole('region', { name: 'What differs' }).waitFor({ state: 'hidden' })
    })

    test('are brought back, and a draft stays', async () => {
      await ada.api('PUT', '/workflows/history/draft', { text: saying('draft'), base: '' })
      await ada.button('Bring back version 10').click()
      await ada.compares('the file now', 'Say word12')
      await ada.compares('version 10', 'Say word9')
      await ada.dialogue().getByText('The draft by ada@example.com stays').waitFor()
      await ada.button('Bring it back').click()
      await ada.dialogue().waitFor({ state: 'hidden' })
      await row(1).getByText('Back to version 10').waitFor()
      expect(files.read('history')).toBe(saying('word9'))
      expect((await ada.draftOf('history')).text).toBe(saying('draft'))
      expect((await ada.workflow('history')).title).toBe('Say word9')
    })
  })

  describe.sequential('what others use', () => {
    test.each([
      ['called', 'Move …', 'moved'],
      ['called', 'Remove …', 'removed'],
      ['alarm', 'Remove …', 'removed'],
    ])('%s: it is told before by whom (%s)', async (id, item, done) => {
      await ada.open(id)
      await ada.more(item)
      await ada.dialogue().getByText(`Others use it, so it cannot be ${done} yet`).waitFor()
      await ada.dialogue().getByRole('link', { name: 'calls' }).waitFor()
      if (done === 'moved') await ada.dialogue().getByLabel('New id').fill('somewhere/else')
      expect(await ada.button(item.replace(' …', '')).isDisabled()).toBe(true)
      expect(await barriers(ada.page)).toEqual([])
    })

    test('as soon as they do without it, it goes', async () => {
      await ada.open('alarm')
      await ada.more('Remove …')
      await ada.dialogue().getByText('Others use it').waitFor()
      files.write('calls', 'title: Calls\ntasks:\n  call: {workflow: called}\n')
      await ada.dialogue().getByText('Others use it').waitFor({ state: 'hidden' })
      await ada.dialogue().getByLabel('Why is it removed?').fill('Nobody is alarmed')
      await ada.button('Remove').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor()
      await ada.page.getByRole('link', { name: 'Say alarm' }).waitFor({ state: 'hidden' })
      expect((await ada.versionsOf('alarm'))[0]).toMatchObject({ kind: 'removed', comment: 'Nobody is alarmed' })
    })

    test('what was removed is brought back from its page', async () => {
      await ada.page.goto('/workflows/alarm')
      await ada.page.getByRole('heading', { name: 'This workflow was removed' }).waitFor()
      await ada.button('Bring back version 1').click()
      await ada.button('Bring it back').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Say alarm' }).waitFor()
      expect(files.read('alarm')).toBe(saying('alarm'))
    })
  })

  describe.sequential('another id', () => {
    test('has to be one, and free', async () => {
      await ada.open('lonely')
      await ada.more('Move …')
      const id = ada.dialogue().getByLabel('New id')
      await id.fill('a b')
      await ada.dialogue().getByText('Letters, digits, dots, - and _, with / between folders.').waitFor()
      await id.fill('other')
      await ada.dialogue().getByText('There is a workflow of this id.').waitFor()
      expect(await ada.button('Move').isDisabled()).toBe(true)
      await ada.button('Leave it').click()
    })

    test('what is not saved moves along, as a draft', async () => {
      await ada.write('# not saved\n')
      await ada.more('Move …')
      await ada.dialogue().getByLabel('New id').fill('team/not-lonely')
      await ada.dialogue().getByText('Your unsaved changes are saved in its draft first').waitFor()
      await ada.button('Move').click()
      await ada.page.waitForURL(/\/workflows\/team\/not-lonely$/)
      await ada.page.getByText('draft saved by ada@example.com').waitFor()
      expect(await ada.dialogue().count()).toBe(0)
      expect((await ada.draftOf('team/not-lonely')).text).toBe(`${saying('lonely')}# not saved\n`)
      expect(await ada.draftOf('lonely')).toBeNull()
      expect(files.read('team/not-lonely')).toBe(saying('lonely'))
    })

    test('the old one leads there', async () => {
      await ada.page.goto('/workflows/lonely')
      await ada.page.getByRole('heading', { name: 'This workflow was moved' }).waitFor()
      await ada.page.getByRole('link', { name: 'team/not-lonely', exact: true }).click()
      await ada.page.getByRole('heading', { level: 1, name: 'Say lonely' }).waitFor()
    })
  })

  describe.sequential('a copy', () => {
    test('begins as a draft whose triggers do not fire', async () => {
      await ada.open('hooked')
      await ada.more('Copy …')
      expect(await barriers(ada.page)).toEqual([])
      expect(await ada.dialogue().getByLabel('Title').inputValue()).toBe('Say hooked (copy)')
      await ada.dialogue().getByLabel('Id').fill('team/again')
      await ada.dialogue().getByLabel('Title').fill('Say it again')
      await ada.button('Write it').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Say it again' }).waitFor()
      await ada.checked()
      const text = files
        .read('hooked')
        .replace('Say hooked', 'Say it again')
        .replace(' # for now', ' # for now\n    enabled: false')
      expect((await ada.draftOf('team/again')).text).toBe(text)
    })

    test('has an id of its own', async () => {
      await ada.open('hooked')
      await ada.more('Copy …')
      await ada.dialogue().getByLabel('Id').fill('other')
      await ada.dialogue().getByText('There is a workflow of this id.').waitFor()
      expect(await ada.button('Write it').isDisabled()).toBe(true)
      await ada.button('Leave it').click()
    })
  })

  test('which workflows lead to one stands beside its triggers', async () => {
    await ada.page.goto('/workflows/called?view=triggers')
    const users = ada.page.getByRole('region', { name: 'Used by' })
    await users.getByRole('link', { name: 'calls', exact: true }).click()
    await ada.page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
  })

  describe.sequential('leaving', () => {
    const away = () => ada.page.getByRole('link', { name: 'Home' }).click()

    test('with unsaved changes is asked about', async () => {
      await ada.open('other')
      await ada.write('# one\n')
      await away()
      await ada.dialogue().getByText('There are unsaved changes').waitFor()
      await ada.button('Stay').click()
      expect(await ada.editor().innerText()).toContain('# one')
    })

    test('they are saved as a draft', async () => {
      await away()
      await ada.button('Save as draft and leave').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
      expect((await ada.draftOf('other')).text).toBe(`${saying('other')}# one\n`)
    })

    test('or lost', async () => {
      await ada.open('other')
      await ada.write('# two\n')
      await away()
      await ada.button('Leave without saving').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor()
      expect((await ada.draftOf('other')).text).not.toContain('# two')
    })

    test('a draft that somebody saved meanwhile is not written over', async () => {
      await ada.open('other')
      await ada.write('# three\n')
      await ada.page.route('**/api/v1/changes', route => route.abort())
      const { revision } = await ada.draftOf('other')
      await ada.api('PUT', '/workflows/other/draft', { text: '# theirs\n', base: '', revision })
      await away()
      await ada.button('Save as draft and leave').click()
      await ada.notice('ada@example.com saved a draft meanwhile.').waitFor()
      expect(await ada.dialogue().count()).toBe(0)
      expect((await ada.draftOf('other')).text).toBe('# theirs\n')
      await ada.page.unroute('**/api/v1/changes')
    })

    test('closing the tab is asked about by the browser', async () => {
      const asked = ada.page.waitForEvent('dialog')
      await Promise.all([asked.then(d => d.accept()), ada.page.close({ runBeforeUnload: true })])
      expect((await asked).type()).toBe('beforeunload')
      const page = await visitor.context.newPage()
      page.setDefaultTimeout(15_000)
      visitor = { ...visitor, page }
      ada = author(visitor)
    })
  })

  describe.sequential('a draft', () => {
    test('is discarded after a word', async () => {
      await ada.page.goto('/workflows/other')
      await ada.page.getByText('draft saved by').waitFor()
      await ada.more('Discard the draft …')
      await ada.button('Leave it').click()
      expect(await ada.draftOf('other')).not.toBeNull()
      await ada.more('Discard the draft …')
      await ada.button('Discard it').click()
      await ada.editor().getByText('title: Say other').waitFor()
      expect(await ada.draftOf('other')).toBeNull()
    })

    test('of which there is no file leaves nothing', async () => {
      await ada.api('PUT', '/workflows/fresh%2Fone/draft', { text: saying('fresh') })
      await ada.open('fresh/one')
      await ada.page.getByText('draft only').waitFor()
      await ada.more('Discard the draft …')
      await ada.button('Discard it').click()
      await ada.page.getByRole('heading', { level: 1, name: 'Workflows' }).waitFor()
      await ada.page.goto('/workflows/fresh/one')
      await ada.page.getByRole('heading', { name: 'There is no workflow of this id' }).waitFor()
    })

    test('is tried before it is published', async () => {
      await ada.open('other')
      await ada.write('outputs:\n  said: ${{ tasks.say.result.word }}\n')
      await ada.page.getByRole('link', { name: 'Test', exact: true }).click()
      await ada.button('Save as draft and leave').click()
      await ada.page.waitForURL(/\/test\/other\?draft=1/)
      await ada.page.getByText('The draft is tried, not what is published.').waitFor()
      await ada.button('Run').click()
      const run = ada.page.getByRole('region', { name: 'The run' })
      await run.getByRole('status').first().getByText('succeeded').waitFor()
      await ada.page.getByRole('region', { name: 'Outputs' }).getByText('said').waitFor()
      expect(files.read('other')).toBe(saying('other'))
    })

    test('of which there is no file is tried, too', async () => {
      await ada.api('PUT', '/workflows/fresh%2Ftwo/draft', { text: saying('fresh') })
      await ada.open('fresh/two')
      await ada.page.getByRole('link', { name: 'Test', exact: true }).click()
      await ada.page.getByText('The draft is tried. Nothing is published yet.').waitFor()
      await ada.button('Run').click()
      await ada.page
        .getByRole('region', { name: 'The run' })
        .getByRole('status')
        .first()
        .getByText('succeeded')
        .waitFor()
    })

    test('that does not check says so before it is tried', async () => {
      await ada.api('PUT', '/workflows/fresh%2Fthree/draft', { text: 'tasks:\n  a: {action: core.nop}\n' })
      await ada.page.goto('/test/fresh/three?draft=1')
      await ada.page.getByText('The draft has mistakes, so it cannot be tried yet.').waitFor()
    })
  })

  describe.sequential("a crate's workflow", () => {
    test('is read here, and changed elsewhere', async () => {
      await ada.page.goto('/workflows/ticket-digest/digest')
      await ada.page.getByText('belongs to the crate ticket-digest, whose workflows are not changed here').waitFor()
      await ada.editor().waitFor()
      await ada.editor().click()
      await ada.page.keyboard.insertText('x')
      expect(await ada.editor().innerText()).toMatch(/^# What is open/)
      for (const name of ['Publish …', 'Save as draft']) expect(await ada.button(name).isDisabled()).toBe(true)
      expect(await ada.button('Add a task').count()).toBe(0)
      expect(await ada.page.getByText('draft only').count()).toBe(0)
      await ada.page.getByRole('button', { name: /^Count / }).waitFor()
    })

    test('is copied, to be changed', async () => {
      await ada.more('Copy …')
      await ada.dialogue().getByLabel(/^Id/).fill('own/digest')
      await ada.dialogue().getByRole('button').last().click()
      await ada.page.waitForURL(/\/workflows\/own\/digest$/)
      await ada.checked()
      expect((await ada.draftOf('own/digest')).text).toContain('# What is open')
    })
  })

  test('a warning is shown, and keeps nobody from publishing', async () => {
    await ada.open('called')
    await ada.editor().click()
    await ada.page.keyboard.press('Control+Home')
    await ada.page.keyboard.insertText('timeout: 1m\n')
    await ada.page.keyboard.press('Control+End')
    await ada.page.keyboard.insertText('    timeout: 2d\n')
    await ada.page.getByText('1 warning').waitFor()
    await ada.button('Publish …').click()
    await ada.dialogue().getByText('The checker warns. The text can be published all the same.').waitFor()
    await ada
      .dialogue()
      .getByText(/is longer than the workflow's/)
      .waitFor()
    await ada.button('Publish').click()
    await ada.dialogue().waitFor({ state: 'hidden' })
    expect(files.read('called')).toContain('timeout: 2d')
  })

  test('a text with which others would not check is refused, by their names', async () => {
    await ada.editor().click()
    await ada.page.keyboard.press('Control+Home')
    await ada.page.keyboard.insertText('inputs:\n  needed: {type: string, required: true}\n')
    await ada.page.locator('[role=status][aria-busy=false]').getByText('1 warning').waitFor()
    await ada.button('Publish …').click()
    await ada.button('Publish').click()
    await ada
      .dialogue()
      .getByRole('alert')
      .getByText(/others would not check any more: calls/)
      .waitFor()
    expect(files.read('called')).not.toContain('needed')
  })
})

describe.sequential('where a comment is required', () => {
  beforeAll(() => begin({ 'gantry.yaml': 'msp: {slug: acme-msp, name: Acme MSP}\npublishing: {comment: required}\n' }))
  afterAll(end)

  test('nothing is published without one', async () => {
    await ada.open('other')
    await ada.write('# more\n')
    await ada.button('Publish …').click()
    expect(await ada.button('Publish').isDisabled()).toBe(true)
    await ada.dialogue().getByLabel('What is the change for?').fill('  ')
    expect(await ada.button('Publish').isDisabled()).toBe(true)
    await ada.dialogue().getByLabel('What is the change for?').fill('More')
    await ada.button('Publish').click()
    await ada.dialogue().waitFor({ state: 'hidden' })
    expect((await ada.versionsOf('other'))[0]).toMatchObject({ comment: 'More' })
  })

  test('nor brought back, moved or removed', async () => {
    await ada.page.getByRole('tab', { name: 'Versions' }).click()
    await ada.button('Bring back version 1').click()
    await ada.dialogue().getByLabel('What is the change for?').fill('')
    expect(await ada.button('Bring it back').isDisabled()).toBe(true)
    await ada.button('Leave it').click()
    await ada.more('Move …')
    await ada.dialogue().getByLabel('New id').fill('another')
    expect(await ada.button('Move').isDisabled()).toBe(true)
    await ada.dialogue().getByLabel('Why is it moved?').fill('Tidier')
    expect(await ada.button('Move').isDisabled()).toBe(false)
    await ada.button('Leave it').click()
    await ada.more('Remove …')
    expect(await ada.button('Remove').isDisabled()).toBe(true)
    await ada.button('Leave it').click()
  })

  test('somebody who may only look sees what is in use, and changes nothing', async () => {
    await ada.api('PUT', '/workflows/other/draft', { text: saying('draft'), base: '' })
    await addUser(visitor, 'vera', 'viewer')
    const looks = await visit(browser, house.url)
    await signIn(looks.page, 'vera', secret)
    const vera = author(looks)
    await vera.page.goto('/workflows/other')
    await vera.page.getByText('Changing it needs the role author over the MSP').waitFor()
    await vera.editor().getByText('# more').waitFor()
    expect(await vera.button('Publish …').isDisabled()).toBe(true)
    expect(await vera.button('Save as draft').isDisabled()).toBe(true)
    expect(await vera.button('More').count()).toBe(0)
    expect(await vera.button('Add a task').count()).toBe(0)
    await vera.page.goto('/workflows/other?view=versions')
    await vera.button('Compare version 1').click()
    await vera.page.getByRole('textbox', { name: /version 1$/ }).waitFor()
    expect(await vera.button('Bring back version 1').isDisabled()).toBe(true)
    expect(looks.complaints).toEqual([])
    await looks.context.close()
  })
})

describe.sequential('where a project is published from its files', () => {
  beforeAll(() => begin({ 'gantry.yaml': 'msp: {slug: acme-msp, name: Acme MSP}\npublishing: {console: false}\n' }))
  afterAll(end)

  test('drafts are kept, and nothing is published', async () => {
    await ada.open('other')
    await ada.page.getByText('this project is published from its files').waitFor()
    await ada.write('# more\n')
    await ada.saveDraft()
    await ada.button('Publish …').click()
    await ada.dialogue().getByText('Change the file where the project is kept').waitFor()
    expect(await ada.button('Publish').isDisabled()).toBe(true)
    await ada.button('Leave it').click()
    await ada.more('Remove …')
    expect(await ada.button('Remove').isDisabled()).toBe(true)
  })
})
