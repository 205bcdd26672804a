import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '~/api/json'
import {
  bare,
  type Condition,
  joined,
  operatorsFor,
  pathText,
  stepsOf,
  valuesAt,
  verdictOf,
  written,
} from './condition'

const of = (path: Condition['path'], operator: Condition['operator'], value?: unknown, careful = false): Condition => ({
  path,
  operator,
  value,
  careful,
})

describe('written', () => {
  test.each([
    [of(['body', 'event'], 'equals', 'new ticket'), "body.event == 'new ticket'"],
    [of(['body', 'event'], 'equals', 'x', true), "has(body.event) && body.event == 'x'"],
    [of(['body', 'a', 'b'], 'equals', 1, true), 'body.?a.?b.hasValue() && body.a.b == 1'],
    [of(['headers', 'x-event'], 'equals', 'x', true), "headers[?'x-event'].hasValue() && headers['x-event'] == 'x'"],
    [of(['body', 'items', 0, 'id'], 'at_least', 5, true), 'body.?items[?0].?id.hasValue() && body.items[0].id >= 5'],
    [of(['body', "it's"], 'differs', "it's\n"), "body['it\\'s'] != 'it\\'s\\n'"],
    [of(['body', 'in'], 'there'), "body[?'in'].hasValue()"],
    [of(['body', 'in'], 'equals', null), "body['in'] == null"],
    [of(['body', 'event'], 'among', ['a', 2]), "body.event in ['a', 2]"],
    [of(['body', 'id'], 'at_least', 9007199254740993n), 'body.id >= 9007199254740993'],
    [of(['body', 'subject'], 'contains', 'VIP'), "body.subject.contains('VIP')"],
    [of(['body', 'subject'], 'starts', 'Re:'), "body.subject.startsWith('Re:')"],
    [of(['body', 'urgent'], 'holds'), 'body.urgent'],
    [of(['body', 'items'], 'not_empty', undefined, true), 'has(body.items) && size(body.items) > 0'],
    [of(['method'], 'equals', 'POST', true), "method == 'POST'"],
  ])('%#', (condition, text) => expect(written(condition)).toBe(text))
})

test('a path is read as it is written, whatever its names', () => {
  const step = fc.oneof(fc.string(), fc.nat(1000), fc.constantFrom('in', 'a.b', "it's", '\\', '\n', 'x-y'))
  fc.assert(
    fc.property(fc.array(step), steps => {
      expect(stepsOf(pathText(['body', ...steps]))).toEqual(['body', ...steps])
    }),
  )
})

test.each(['', 'a b', "a['", 'size(a)', '[0]', 'a.', 'a..b', 'ab.1'])('%s is no path', text =>
  expect(stepsOf(text)).toBeUndefined(),
)

describe('joined', () => {
  test.each([
    [undefined, 'a', 'a'],
    ['', 'a', 'a'],
    ['x == 1', 'a', 'x == 1 && a'],
    ['${{ x || y }}', 'a', '(x || y) && a'],
    ["x == '||'", 'a', "x == '||' && a"],
    ['x ? y : z', 'a', '(x ? y : z) && a'],
    ['(x || y) && z', 'a', '(x || y) && z && a'],
    ['f([x || y])', 'a', 'f([x || y]) && a'],
    ["body.?a.orValue('') == 'b'", 'a', "body.?a.orValue('') == 'b' && a"],
    ["body[?'a'].hasValue()", 'a || b', "body[?'a'].hasValue() && (a || b)"],
  ])('%s', (present, added, whole) => expect(joined(present, added)).toBe(whole))

  test('braces are no part of an expression', () => expect(bare('${{ a && b }}')).toBe('a && b'))
})

describe('what becomes of other events', () => {
  const data = { body: { event: 'new', n: 5, gone: null, tags: ['a'], deep: { ok: true } }, headers: { 'x-y': '1' } }
  test.each([
    [of(['body', 'event'], 'equals', 'new'), 'passes'],
    [of(['body', 'event'], 'equals', 'old'), 'filtered'],
    [of(['body', 'missing'], 'equals', 'x'), 'fails'],
    [of(['body', 'missing'], 'equals', 'x', true), 'filtered'],
    [of(['body', 'missing'], 'there'), 'filtered'],
    [of(['body', 'gone'], 'there'), 'passes'],
    [of(['body', 'gone'], 'contains', 'x', true), 'fails'],
    [of(['body', 'event'], 'at_least', 3), 'fails'],
    [of(['body', 'n'], 'at_least', 5), 'passes'],
    [of(['body', 'n'], 'below', 5), 'filtered'],
    [of(['body', 'n'], 'among', [1, 5]), 'passes'],
    [of(['body', 'tags', 0], 'equals', 'a'), 'passes'],
    [of(['body', 'tags', 1], 'equals', 'a', true), 'filtered'],
    [of(['body', 'tags'], 'not_empty'), 'passes'],
    [of(['body', 'deep', 'ok'], 'holds'), 'passes'],
    [of(['body', 'event', 'x'], 'there'), 'fails'],
    [of(['body', 'toString'], 'there'), 'filtered'],
    [of(['headers', 'x-y'], 'ends', '1'), 'passes'],
  ] as const)('%#', (condition, verdict) => expect(verdictOf(condition as Condition, data)).toBe(verdict))
})

test('what is offered fits the value', () => {
  expect(operatorsFor('x')).toContain('contains')
  expect(operatorsFor(3)).toContain('at_least')
  expect(operatorsFor({})).toEqual(['not_empty', 'there'])
})

test('values of other events, the most frequent first', () => {
  const events = ['a', 'b', 'b', undefined, {}].map(event => ({ body: { event } }))
  expect(valuesAt(['body', 'event'], events)).toEqual(['b', 'a'])
})
