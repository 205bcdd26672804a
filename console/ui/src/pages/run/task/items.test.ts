import { expect, test } from 'vitest'
import { fitting, itemsOf } from './items'

const attempt = (item: number, n: number, status: 'failed' | 'succeeded' | 'running', message?: string) => ({
  ...{ seq: item, task: 'each', instance: 1, exec: 3, item, attempt: n, status },
  ...{ started_at: `2026-11-22T12:00:0${n}Z`, error: message ? { code: 'x', message } : undefined },
})

const timeline = {
  attempts: [
    attempt(1, 1, 'failed', 'HaloPSA is down'),
    attempt(0, 1, 'failed', 'HaloPSA is down'),
    attempt(0, 2, 'succeeded'),
    { ...attempt(0, 1, 'failed'), exec: 9 },
    attempt(2, 1, 'running'),
  ],
  ...{ waits: [], published: [], taken: [], more: false },
}

test('an item stands as its last attempt does, and began with its first', () => {
  const items = itemsOf(timeline, 3)
  expect(items.map(i => `${i.item} ${i.status} ${i.attempts}`)).toEqual(['0 succeeded 2', '1 failed 1', '2 running 1'])
  expect(items[0]).toMatchObject({ startedAt: '2026-11-22T12:00:01Z', error: undefined })
})

test('items are found by how they ended, by number and by error', () => {
  const found = (kind: string, search = '') => fitting(itemsOf(timeline, 3), kind, search).map(i => i.item)
  expect(found('all')).toEqual([0, 1, 2])
  expect(found('failed')).toEqual([1])
  expect(found('under way')).toEqual([2])
  expect(found('all', '2')).toEqual([2])
  expect(found('all', 'halo')).toEqual([1])
})
