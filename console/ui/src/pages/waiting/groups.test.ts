import { expect, test } from 'vitest'
import { type Ask, groupsOf, idOf } from './groups'

const ask = (organisation: string, n: number): Ask => ({
  ...{ run: `run${n}`, task: 'ask', workflow: 'w', organisation, question: 'Well?', since: '2026-11-22T12:00:00Z' },
  ...{ run_status: 'waiting', may_answer: true },
})

test('few questions stand together, in their order', () => {
  const few = [ask('b', 1), ask('a', 2)]
  expect(groupsOf(few)).toEqual([{ organisation: '', asks: few }])
})

test('many are grouped; who waits longest comes first', () => {
  const many = Array.from({ length: 9 }, (_, n) => ask(n % 2 === 0 ? 'b' : 'a', n))
  const groups = groupsOf(many)
  expect(groups.map(g => g.organisation)).toEqual(['b', 'a'])
  expect(groups.flatMap(g => g.asks)).toHaveLength(9)
  expect(groups[0]?.asks.map(a => a.run)).toEqual(['run0', 'run2', 'run4', 'run6', 'run8'])
})

test('many of one organisation need no heading', () => {
  expect(groupsOf(Array.from({ length: 20 }, (_, n) => ask('a', n)))).toHaveLength(1)
})

test('items of one task are told apart', () => {
  expect(idOf({ ...ask('a', 1), item: 0 })).not.toBe(idOf(ask('a', 1)))
})
