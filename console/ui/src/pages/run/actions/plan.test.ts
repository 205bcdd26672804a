import { describe, expect, test } from 'vitest'
import { editable, emptied, mistakesOf, type Plan, possible, replaced, settled, told } from './plan'

const plan = (more: Partial<Plan>): Plan => ({
  ...{ run: '1', workflow: 'w', status: 'failed', version: 'v', done: 0, steps: [] },
  ...more,
})

test.each<[Parameters<typeof told>[0], string]>([
  [{ what: 'repeat', task: 'tell', instance: 1, status: 'timed_out' }, 'Repeat tell, which ended timed out'],
  [{ what: 'repeat', task: 'tell', instance: 2 }, 'Repeat tell (execution 2)'],
  [{ what: 'repeat', task: 'look', instance: 1, status: 'running' }, 'Repeat look'],
  [{ what: 'items', task: 'each', items: 2, of: 9 }, 'Repeat 2 of 9 items of each'],
  [{ what: 'sub_run', task: 'part', anew: true }, 'Begin the sub-workflow of part anew, in another run'],
  [{ what: 'start', task: 'next' }, 'Start next'],
  [{ what: 'start' }, 'Start the run from its beginning'],
  [{ what: 'outputs' }, 'Work out the outputs anew'],
])('%j: %s', (step, line) => expect(told(step)).toBe(line))

describe('possible', () => {
  const unresolved = [{ run: '1', task: 'note', instance: 1 }]
  test('not while nobody knows what became of a write, also in a part of it', () => {
    expect(possible(plan({}))).toBe(true)
    expect(possible(plan({ unresolved }))).toBe(false)
    expect(possible(plan({ parts: [plan({ unresolved })] }))).toBe(false)
  })
})

test('inputs can be replaced where a task is repeated, once for each task', () => {
  const steps: Plan['steps'] = [
    { what: 'repeat', task: 'a', instance: 2 },
    { what: 'repeat', task: 'a', instance: 3 },
    { what: 'start', task: 'b' },
  ]
  expect(editable(plan({ steps }))).toEqual([{ task: 'a', instance: 2 }])
})

test('what becomes of a task is not told before somebody has said what became of its write', () => {
  const steps: Plan['steps'] = [
    { what: 'repeat', task: 'note', instance: 1 },
    { what: 'repeat', task: 'note', instance: 2 },
    { what: 'items', task: 'each', instance: 1 },
  ]
  const unresolved = [
    { run: '1', task: 'note', instance: 1 },
    { run: '2', task: 'note', instance: 2 },
    { run: '1', task: 'each', instance: 1, item: 4 },
  ]
  const waiting = plan({ steps, unresolved })
  expect(settled(waiting)).toEqual(steps.slice(1))
  expect(editable(waiting)).toEqual([{ task: 'note', instance: 2 }])
})

test('a value that is emptied is not the one of before', () => {
  expect(emptied({ a: 1, b: 'x', c: null, d: 0 }, { a: undefined, d: '' })).toEqual(['a', 'b'])
  expect(replaced({ a: 1 }, { a: undefined })).toEqual({})
})

test('what is wrong is told of what was changed', () => {
  const schema = { properties: { id: { type: 'integer' }, key: { type: 'integer' } }, required: ['id'] }
  expect(mistakesOf(schema, { id: 1, key: '********' }, { id: 2, key: '********' })).toEqual({})
  expect(mistakesOf(schema, { id: 1, key: '********' }, { key: '********' })).toEqual({ id: 'is needed' })
})

test('only what is another value is sent', () => {
  expect(replaced({ a: 1, b: { c: 1 }, d: '********' }, { a: 2, b: { c: 1 }, d: '********', e: null })).toEqual({
    a: 2,
    e: null,
  })
})
