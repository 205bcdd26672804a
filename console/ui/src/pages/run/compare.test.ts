import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differences, pairs } from './compare'

describe('differences', () => {
  test.each<[string, unknown, unknown, string[]]>([
    ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['order of names is none', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['a value', { id: 1 }, { id: 2 }, ['changed r.id']],
    ['a type', { id: 1 }, { id: '1' }, ['changed r.id']],
    ['null is a value', { id: null }, { id: 0 }, ['changed r.id']],
    ['more and fewer', { a: 1, b: 1 }, { b: 1, c: 1 }, ['removed r.a', 'added r.c']],
    ['of a list', [1, 2, 3], [1, 5], ['changed r[1]', 'removed r[2]']],
    ['a list that became an object', [1], { 0: 1 }, ['changed r']],
  ])('%s', (_, before, after, told) =>
    expect(differences(before, after, 'r').map(d => `${d.kind} ${d.path}`)).toEqual(told),
  )

  test('there are none of a value to itself, and at most so many as wanted', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(differences(a, structuredClone(a))).toEqual([])
        expect(differences(a, b, '', 2).length).toBeLessThanOrEqual(2)
        expect(differences(a, b).length > 0).toBe(JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b)))
      }),
    )
  })
})

// With the names of objects in order, so that equal values have equal JSON.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value === 0 ? 0 : value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  )
}

test('pairs puts executions of two runs side by side', () => {
  const t = (name: string, instance = 1) => ({ name, instance })
  const told = pairs([t('a'), t('b'), t('c')], [t('a'), t('c'), t('c', 2)])
  expect(told.map(p => `${p.name}#${p.instance} ${p.before ? 'was' : ''} ${p.after ? 'is' : ''}`)).toEqual([
    'a#1 was is',
    'c#1 was is',
    'c#2  is',
    'b#1 was ',
  ])
})
