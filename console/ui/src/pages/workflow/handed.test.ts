import { expect, test } from 'vitest'
import { handOver, takeOver } from './handed'

function storeOf(kept?: string) {
  const values = new Map(kept === undefined ? [] : [['gantry.when', kept]])
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

const made = { workflow: 'triage/new', trigger: 'new ticket', when: 'body.id > 3' }

test('a condition is taken once', () => {
  const store = storeOf()
  handOver(made, store)
  expect(takeOver('triage/new', 'new ticket', store)).toBe('body.id > 3')
  expect(takeOver('triage/new', 'new ticket', store)).toBeNull()
})

test.each([
  ['triage/other', 'new ticket'],
  ['triage/new', 'other'],
])('that of another trigger stays: %s, %s', (workflow, trigger) => {
  const store = storeOf()
  handOver(made, store)
  expect(takeOver(workflow, trigger, store)).toBeNull()
  expect(store.values.size).toBe(1)
})

test.each([undefined, 'null', '{', '[]', '{"workflow":"triage/new","trigger":"new ticket","when":7}'])(
  '%s is none',
  kept => {
    expect(takeOver('triage/new', 'new ticket', storeOf(kept))).toBeNull()
  },
)
