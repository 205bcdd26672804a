import { describe, expect, test } from 'vitest'
import { chosen, executionsOf, firstLook, type Step, statesOf, type Task, taken, type Update, waysOf } from './steps'

const task = (exec: number, name: string, status: string, more: Partial<Task> = {}): Task => ({
  ...{ exec, name, status, instance: 1, attempts: 1, result: null, error: null as never },
  ...{ started_at: null, finished_at: null },
  ...more,
})
const step = (id: number, name: string, status: string, more: Partial<Step> = {}): Step => ({
  ...{ id, name, status, action: 'core.noop', instance: 1, attempts: 1 },
  ...more,
})
const update = (...changed: Step[]) => ({ changed }) as unknown as Update

test('live events tell more than the run that was read before', () => {
  const steps = taken(taken(new Map(), update(step(0, 'a', 'running'))), update(step(1, 'b', 'queued')))
  const all = executionsOf([task(0, 'a', 'queued', { result_bytes: 9 })], steps)
  expect(all.map(e => [e.name, e.status, e.bytes])).toEqual([
    ['a', 'running', 9],
    ['b', 'queued', undefined],
  ])
})

test('while nothing is heard of an execution it is not known whether it has items; if nothing will be, it has none', () => {
  const heard = taken(new Map(), update(step(1, 'b', 'succeeded')))
  const tasks = [task(0, 'a', 'succeeded'), task(1, 'b', 'succeeded')]
  expect(executionsOf(tasks, heard).map(e => e.silent ?? false)).toEqual([true, false])
  expect(executionsOf(tasks, heard, false).map(e => e.silent ?? false)).toEqual([false, false])
})

test('a later event replaces an earlier one of the same execution', () => {
  const steps = taken(taken(new Map(), update(step(0, 'a', 'running'))), update(step(0, 'a', 'succeeded')))
  expect([...steps.values()].map(s => s.status)).toEqual(['succeeded'])
})

test('a task stands as its latest execution does', () => {
  const all = executionsOf(
    [],
    taken(new Map(), update(step(0, 'a', 'failed'), step(1, 'a', 'running', { instance: 2 }))),
  )
  expect(statesOf(all)).toEqual({ a: { status: 'running', text: '2nd time', progress: undefined } })
})

test('a for_each tells how far it is', () => {
  const each = step(0, 'a', 'running', { items: 10, items_ended: 4, items_failed: 1, attempts: 6 })
  expect(statesOf(executionsOf([], taken(new Map(), update(each))))).toEqual({
    a: { status: 'running', text: '4 of 10, 1 failed', progress: 0.4 },
  })
})

describe('what is looked at', () => {
  const all = executionsOf(
    [task(0, 'a', 'succeeded'), task(1, 'b', 'failed'), task(2, 'a', 'succeeded', { instance: 2 })],
    new Map(),
  )
  test('the named instance, else the latest', () => {
    expect(chosen(all, 'a', '1')?.exec).toBe(0)
    expect(chosen(all, 'a', '')?.exec).toBe(2)
    expect(chosen(all, 'x', '')).toBeUndefined()
  })
  test('first what failed', () => {
    expect(firstLook(all)?.name).toBe('b')
    expect(firstLook(all, 'a')?.exec).toBe(2)
    expect(firstLook([])).toBeUndefined()
  })
})

test('transitions are named by the task that they lead from and their position', () => {
  const entry = { seq: 1, task: 'a', instance: 1, exec: 0, transitions: [0, 2] }
  expect([...waysOf([entry])]).toEqual(['a:0', 'a:2'])
})
