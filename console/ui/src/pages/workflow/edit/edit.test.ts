import { describe, expect, test } from 'vitest'
import type { Taken } from './taken'
import { addTask, deleteTask, freeName, renameTask, wrongName } from './tasks'
import { setIn } from './values'
import { connect, disconnect } from './ways'

// What stands before and after an edit is written with bars at the left, so that indents can be read.
const lines = (text: string) => text.replace(/^\n/, '').replace(/^ *\|/gm, '').replace(/ *$/, '')

const failure: Taken = { kind: 'failure' }
const success: Taken = { kind: 'success' }

describe('connect', () => {
  const task = (next: string) => `tasks:\n  a:\n    action: core.noop\n${next}  # about b\n  b: {action: core.noop}\n`
  const cases: [string, string, string, Taken, string][] = [
    ['nothing yet', '', 'b', success, '    next: b\n'],
    ['nothing yet, another condition', '', 'b', failure, '    next:\n      - when: failed\n        do: b\n'],
    ['a name', '    next: c # why\n', 'b', success, '    next: [c, b] # why\n'],
    ['the same name', '    next: b\n', 'b', success, '    next: b\n'],
    [
      'a name and a failure',
      '    next: c\n',
      'b',
      failure,
      '    next:\n      - when: succeeded\n        do: c\n      - when: failed\n        do: b\n',
    ],
    [
      'a name with a comment and a failure',
      '    next: c # why\n',
      'b',
      failure,
      '    next: [{when: succeeded, do: c}, {when: failed, do: b}] # why\n',
    ],
    ['names in brackets', '    next: [c, d] # why\n', 'b', success, '    next: [c, d, b] # why\n'],
    [
      'names in brackets and a failure',
      '    next: [c, d]\n',
      'b',
      failure,
      '    next:\n      - when: succeeded\n        do: [c, d]\n      - when: failed\n        do: b\n',
    ],
    [
      'names on lines',
      '    next:\n      - c # one\n      - d # two\n',
      'b',
      success,
      '    next:\n      - c # one\n      - d # two\n      - b\n',
    ],
    [
      'names on lines and a failure',
      '    next:\n      # first\n      - c # one\n      - d # two\n',
      'b',
      failure,
      '    next:\n      # first\n      - when: succeeded\n        do:\n          - c # one\n          - d # two\n      - when: failed\n        do: b\n',
    ],
    [
      'an entry that fits',
      '    next:\n      - when: failed # bad\n        do: c # tell\n',
      'b',
      failure,
      '    next:\n      - when: failed # bad\n        do: [c, b] # tell\n',
    ],
    [
      'an entry that fits and publishes',
      '    next:\n      - {when: failed, publish: {x: 1}}\n',
      'b',
      failure,
      '    next:\n      - {when: failed, publish: {x: 1}, do: b}\n',
    ],
    [
      'no entry that fits',
      '    next:\n      - {when: succeeded, do: c}\n',
      'b',
      failure,
      '    next:\n      - {when: succeeded, do: c}\n      - {when: failed, do: b}\n',
    ],
    [
      'always',
      '    next:\n      - when: failed\n        do: c\n',
      'b',
      { kind: 'always' },
      '    next:\n      - when: failed\n        do: c\n      - do: b\n',
    ],
    [
      'a condition with a label',
      '    next:\n      - do: c\n',
      'b',
      { kind: 'condition', when: "result.x == 'a: b'", label: 'it is' },
      '    next:\n      - do: c\n      - when: "result.x == \'a: b\'"\n        do: b\n        label: it is\n',
    ],
    [
      'one transition that is no list',
      '    next:\n      when: failed\n      do: c # d\n',
      'b',
      success,
      '    next:\n      - when: failed\n        do: c # d\n      - when: succeeded\n        do: b\n',
    ],
    [
      'one in braces',
      '    next: {when: failed, do: c} # d\n',
      'b',
      success,
      '    next: [{when: failed, do: c}, {when: succeeded, do: b}] # d\n',
    ],
    ['next with nothing behind it', '    next:\n', 'b', success, '    next: b\n'],
    [
      'a word',
      '    next: c\n',
      'noop',
      failure,
      '    next:\n      - when: succeeded\n        do: c\n      - when: failed\n        do: noop\n',
    ],
  ]
  test.each(cases)('%s', (_, next, to, taken, after) => {
    expect(connect(task(next), 'a', to, taken)).toBe(task(after))
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    expect(connect(crlf(task(next)), 'a', to, taken)).toBe(crlf(task(after)))
  })

  test('a task within braces', () => {
    expect(connect('tasks: {a: {action: x}, b: {action: y}}', 'a', 'b', success)).toBe(
      'tasks: {a: {action: x, next: b}, b: {action: y}}',
    )
    expect(connect('tasks:\n  a: {action: x, next: c} # c\n', 'a', 'b', failure)).toBe(
      'tasks:\n  a: {action: x, next: [{when: succeeded, do: c}, {when: failed, do: b}]} # c\n',
    )
  })

  test('at the end of a text without a line end', () => {
    expect(connect('tasks:\n  a:\n    action: x', 'a', 'a', success)).toBe('tasks:\n  a:\n    action: x\n    next: a')
  })

  test('tasks that are not there change nothing', () => {
    expect(connect('tasks: [', 'a', 'b', success)).toBe('tasks: [')
    expect(connect('tasks: {}', 'a', 'b', success)).toBe('tasks: {}')
  })
})

describe('disconnect', () => {
  const task = (next: string) => `tasks:\n  a:\n    action: core.noop\n${next}  # about b\n  b: {action: core.noop}\n`
  const cases: [string, string, number, string | undefined, string][] = [
    ['a name', '    next: b\n', 0, 'b', ''],
    ['one of names', '    next: [b, c] # x\n', 0, 'b', '    next: [c] # x\n'],
    ['all of them', '    next: [b, c]\n', 0, undefined, ''],
    ['one of names on lines', '    next:\n      - b # x\n      - c # y\n', 0, 'b', '    next:\n      - c # y\n'],
    [
      'one target of an entry',
      '    next:\n      - when: failed\n        do: [b, fail]\n',
      0,
      'b',
      '    next:\n      - when: failed\n        do: [fail]\n',
    ],
    [
      'an entry',
      '    next:\n      # one\n      - when: failed\n        do: b\n      - do: c\n',
      0,
      'b',
      '    next:\n      # one\n      - do: c\n',
    ],
    ['the last entry', '    next:\n      - when: failed\n        do: b\n', 0, 'b', ''],
    [
      'an entry that publishes',
      '    next:\n      - publish: {x: 1}\n        do: b\n',
      0,
      'b',
      '    next:\n      - publish: {x: 1}\n',
    ],
    ['an end', '    next:\n      - publish: {x: 1}\n      - do: b\n', 0, undefined, '    next:\n      - do: b\n'],
    ['in braces', '    next: [{when: failed, do: b}, {do: c}]\n', 0, 'b', '    next: [{do: c}]\n'],
  ]
  test.each(cases)('%s', (_, next, index, target, after) => {
    expect(disconnect(task(next), 'a', index, target)).toBe(task(after))
  })
})

describe('addTask', () => {
  test('behind another, which leads to it', () => {
    const before = lines(`
      |tasks:
      |  a:
      |    action: x
      |    # still a
      |
      |  # about b
      |  b:
      |    action: y
      |outputs: {}
      |`)
    expect(addTask(before, { name: 'c', action: 'core.set', with: { values: { n: '${{ 1 }}' } } }, 'a')).toBe(
      lines(`
      |tasks:
      |  a:
      |    action: x
      |    next: c
      |    # still a
      |
      |  c:
      |    action: core.set
      |    with:
      |      values:
      |        n: \${{ 1 }}
      |
      |  # about b
      |  b:
      |    action: y
      |outputs: {}
      |`),
    )
  })

  test('at the end, into nothing, and into braces', () => {
    expect(addTask('tasks:\n  a: {action: x}\nvars: {}\n', { name: 'b', action: 'y' })).toBe(
      'tasks:\n  a: {action: x}\n  b:\n    action: y\nvars: {}\n',
    )
    expect(addTask('title: T\n', { name: 'a', workflow: 'p/q' })).toBe('title: T\ntasks:\n  a:\n    workflow: p/q\n')
    expect(addTask('tasks: {}\n', { name: 'a', action: 'x' })).toBe('tasks:\n  a:\n    action: x\n')
    expect(addTask('tasks: # none\n', { name: 'a', action: 'x' })).toBe('tasks: # none\n  a:\n    action: x\n')
    expect(addTask('', { name: 'a', action: 'x' })).toBe('tasks:\n  a:\n    action: x\n')
    expect(addTask('tasks: {a: {action: x}}', { name: 'b', action: 'y' }, 'a')).toBe(
      'tasks: {a: {action: x, next: b}, b: {action: y}}',
    )
  })
})

test('renameTask: everywhere that it is meant, and nowhere else', () => {
  const before = lines(`
      |# get is named here
      |tasks:
      |  get: # get
      |    action: x
      |    next: [a, get]
      |  a:
      |    action: core.set
      |    with:
      |      one: "\${{ tasks.get.result.get }} tasks.get get"
      |      two: '\${{ tasks[''get''].x + tasks.getter.y }}'
      |      three: "\${{ tasks[\\"get\\"].x + 'tasks.get' }}"
      |      four: |
      |        \${{ tasks.?get.x }} and
      |        \${{ ctx.tasks.get }}
      |      when: tasks.get.ok
      |    next:
      |      - when: tasks.get.status == 'get' && '' != tasks.get.result
      |        do: [get, noop]
      |      - {when: "\${{ run.links.get }}", do: get}
      |outputs: {get: "\${{ tasks.get.result }}"}
      |`)
  expect(renameTask(before, 'get', 'fetch_it')).toBe(
    lines(`
      |# get is named here
      |tasks:
      |  fetch_it: # get
      |    action: x
      |    next: [a, fetch_it]
      |  a:
      |    action: core.set
      |    with:
      |      one: "\${{ tasks.fetch_it.result.get }} tasks.get get"
      |      two: '\${{ tasks[''fetch_it''].x + tasks.getter.y }}'
      |      three: "\${{ tasks[\\"fetch_it\\"].x + 'tasks.get' }}"
      |      four: |
      |        \${{ tasks.?fetch_it.x }} and
      |        \${{ ctx.tasks.get }}
      |      when: tasks.get.ok
      |    next:
      |      - when: tasks.fetch_it.status == 'get' && '' != tasks.fetch_it.result
      |        do: [fetch_it, noop]
      |      - {when: "\${{ run.links.fetch_it }}", do: fetch_it}
      |outputs: {get: "\${{ tasks.fetch_it.result }}"}
      |`),
  )
})

test('deleteTask: with the comment above it, and all that leads to it', () => {
  const before = lines(`
      |tasks:
      |  # about a
      |  a:
      |    action: x
      |    next: [b, c]
      |
      |  # about b
      |  b:
      |    action: y
      |    next: c
      |  # about c
      |  c:
      |    action: z
      |    next:
      |      - when: failed
      |        do: b
      |      - {publish: {x: 1}, do: b}
      |`)
  expect(deleteTask(before, 'b')).toBe(
    lines(`
      |tasks:
      |  # about a
      |  a:
      |    action: x
      |    next: [c]
      |
      |  # about c
      |  c:
      |    action: z
      |    next:
      |      - {publish: {x: 1}}
      |`),
  )
  expect(deleteTask('tasks:\n  a:\n    action: x\n    next: a', 'a')).toBe('tasks: {}')
})

describe('setIn', () => {
  const cases: [string, string, string[], unknown, string][] = [
    ['a value', 'a: 1 # one\nb: 2\n', ['a'], 5, 'a: 5 # one\nb: 2\n'],
    ['the same value', 'a:   "1" # one\n', ['a'], '1', 'a:   "1" # one\n'],
    ['in braces', 'w: {a: 1, b: [1, 2]} # c\n', ['w', 'b'], 'x, y', 'w: {a: 1, b: "x, y"} # c\n'],
    ['into braces', 'w: {a: 1}\n', ['w', 'c'], '${{ x }}', 'w: {a: 1, c: "${{ x }}"}\n'],
    ['a new map', 't:\n  x: 1\n', ['t', 'with', 'a'], true, 't:\n  x: 1\n  with:\n    a: true\n'],
    [
      'what is removed',
      't:\n  with:\n    a: 1\n    b: 2 # two\n  x: 1\n',
      ['t', 'with', 'a'],
      undefined,
      't:\n  with:\n    b: 2 # two\n  x: 1\n',
    ],
    ['the last of a map', 't:\n  with:\n    a: 1\n  x: 1\n', ['t', 'with', 'a'], undefined, 't:\n  x: 1\n'],
    ['out of braces', 't: {a: 1, b: 2}', ['t', 'b'], undefined, 't: {a: 1}'],
    ['several lines', 'n: short # c\nm: 1\n', ['n'], 'one\ntwo\n', 'n: | # c\n  one\n  two\nm: 1\n'],
    ['of several lines one', 'n: |\n  one\n  two\nm: 1\n', ['n'], 'x', 'n: x\nm: 1\n'],
    [
      'several lines anew',
      't:\n  n: |\n    one\n    two\n  m: 1\n',
      ['t', 'n'],
      'a\nb\nc\n',
      't:\n  n: |\n    a\n    b\n    c\n  m: 1\n',
    ],
    ['one item of a list', 'l:\n  - a # x\n  - b # y\n', ['l'], ['a', 'c'], 'l:\n  - a # x\n  - c # y\n'],
    ['one more item', 'l:\n  - a # x\n', ['l'], ['a', 'b'], 'l:\n  - a # x\n  - b\n'],
    ['one item less', 'l: [a, b, c]\n', ['l'], ['a', 'c'], 'l: [a, c]\n'],
    ['a field within a list', 'l:\n  - a: 1 # x\n    b: 2\n', ['l'], [{ a: 1, b: 3 }], 'l:\n  - a: 1 # x\n    b: 3\n'],
    ['a map instead of a text', 'a: x # y\nb: 1\n', ['a'], { c: 1 }, 'a: # y\n  c: 1\nb: 1\n'],
    ['a text instead of a map', 'a:\n  c: 1\nb: 1\n', ['a'], 'x', 'a: x\nb: 1\n'],
    ['what others take for numbers', 'a: x\n', ['a'], '1_000', 'a: "1_000"\n'],
    ['nothing written', 'a:\nb: 1\n', ['a'], [1], 'a:\n  - 1\nb: 1\n'],
  ]
  test.each(cases)('%s', (_, before, path, value, after) => expect(setIn(before, path, value)).toBe(after))
})

test('names of tasks', () => {
  expect(wrongName('a_1', ['b'])).toBeNull()
  for (const name of ['1a', 'a-b', '', 'noop', 'b']) expect(wrongName(name, ['b'])).not.toBeNull()
  expect(freeName('get ticket', ['get_ticket', 'get_ticket_2'])).toBe('get_ticket_3')
  expect(freeName('fail', [])).toBe('fail_2')
})

test('a text that cannot be read stays as it is', () => {
  const text = '- |{ \n| ]{'
  expect(setIn(text, ['tasks', 'a', 'with', 'x'], 1)).toBe(text)
})
