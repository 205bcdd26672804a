import { describe, expect, test } from 'vitest'
import type { Taken } from './taken'
import { takenOf } from './taken'
import { changeWay } from './way'

const task = (next: string) =>
  `tasks:\n  # about a\n  a: # first\n    action: x\n${next}    # still a\n\n  b: {action: y}\n`
const failure: Taken = { kind: 'failure' }
const condition: Taken = { kind: 'condition', when: "result.x == 'a: b'", label: 'it is' }

describe('changeWay', () => {
  const cases: [string, string, number, Taken, string][] = [
    ['a name alone', '    next: b\n', 0, failure, '    next:\n      - when: failed\n        do: b\n'],
    ['a name with a comment', '    next: b # c\n', 0, failure, '    next: [{when: failed, do: b}] # c\n'],
    [
      'a name that is always gone to',
      '    next: b\n',
      0,
      { kind: 'always', label: 'go on' },
      '    next:\n      - label: go on\n        do: b\n',
    ],
    ['names in brackets', '    next: [b, c]\n', 0, failure, '    next:\n      - when: failed\n        do: [b, c]\n'],
    [
      'names on lines',
      '    next:\n      - b # to b\n      - c\n',
      0,
      failure,
      '    next:\n      - when: failed\n        do:\n          - b # to b\n          - c\n',
    ],
    ['a name, to what it is', '    next: b\n', 0, { kind: 'success', label: ' ' }, '    next: b\n'],
    [
      'one of several',
      '    next:\n      - when: succeeded # fine\n        do: b\n      - when: failed # bad\n        do: c # d\n',
      1,
      condition,
      '    next:\n      - when: succeeded # fine\n        do: b\n' +
        '      - when: "result.x == \'a: b\'" # bad\n        label: it is\n        do: c # d\n',
    ],
    [
      'one that had no condition',
      '    next:\n      # why\n      - publish: {x: 1}\n        do: b\n',
      0,
      condition,
      '    next:\n      # why\n      - when: "result.x == \'a: b\'"\n        label: it is\n        publish: {x: 1}\n        do: b\n',
    ],
    [
      'one that has none any more',
      '    next:\n      - when: failed\n        label: bad # d\n        do: b\n',
      0,
      { kind: 'always' },
      '    next:\n      - do: b\n',
    ],
    [
      'one in braces',
      '    next: {when: failed, do: b} # d\n',
      0,
      condition,
      `    next: {when: "result.x == 'a: b'", label: it is, do: b} # d\n`,
    ],
    [
      'one in braces without',
      '    next: [{do: b}, {do: c}]\n',
      1,
      failure,
      '    next: [{do: b}, {when: failed, do: c}]\n',
    ],
    ['one of nothing else', '    next: [{when: failed}]\n', 0, { kind: 'always' }, '    next: [{}]\n'],
    [
      'one in the braces of expressions, to the same',
      '    next:\n      - {when: "${{ failed }}", do: b}\n',
      0,
      failure,
      '    next:\n      - {when: "${{ failed }}", do: b}\n',
    ],
    ['one that is not there', '    next:\n      - do: b\n', 3, failure, '    next:\n      - do: b\n'],
    ['nothing', '', 0, failure, ''],
  ]
  test.each(cases)('%s', (_, next, index, taken, after) => {
    expect(changeWay(task(next), 'a', index, taken)).toBe(task(after))
    const crlf = (text: string) => text.replaceAll('\n', '\r\n')
    expect(changeWay(crlf(task(next)), 'a', index, taken)).toBe(crlf(task(after)))
  })

  test('a task within braces', () => {
    expect(changeWay('tasks: {a: {action: x, next: b}}', 'a', 0, failure)).toBe(
      'tasks: {a: {action: x, next: [{when: failed, do: b}]}}',
    )
  })
})

describe('takenOf', () => {
  test.each([
    [{ kind: 'success' as const }, { kind: 'success' }],
    [{ kind: 'always' as const }, { kind: 'always' }],
    [
      { kind: 'success' as const, when: 'succeeded', label: 'ok' },
      { kind: 'success', label: 'ok' },
    ],
    [{ kind: 'failure' as const, when: '${{ failed }}' }, { kind: 'failure' }],
    [
      { kind: 'failure' as const, when: '${{ failed && x }}' },
      { kind: 'condition', when: 'failed && x' },
    ],
  ])('%o', (way, taken) => {
    expect(takenOf(way)).toEqual(taken)
  })
})
