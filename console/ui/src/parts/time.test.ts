import { describe, expect, test } from 'vitest'
import { ago, lasting, took } from './time'

const now = new Date('2026-11-22T12:00:00Z')

describe('ago', () => {
  test.each([
    ['2026-11-22T11:59:57Z', 'now'],
    ['2026-11-22T11:59:30Z', '30 seconds ago'],
    ['2026-11-22T11:59:00Z', '1 minute ago'],
    ['2026-11-22T14:00:00Z', 'in 2 hours'],
    ['2026-11-20T12:00:00Z', '2 days ago'],
    ['2026-10-01T12:00:00Z', '1 Oct'],
    ['2025-10-01T12:00:00Z', '1 Oct 2025'],
  ])('%s is %s', (at, told) => expect(ago(new Date(at), now)).toBe(told))
})

describe('lasting', () => {
  test.each([
    [0, '< 1 ms'],
    [12, '12 ms'],
    [1400, '1.4 s'],
    [42_000, '42 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [3 * 86_400_000, '3 d'],
  ])('%d ms is %s', (ms, told) => expect(lasting(ms)).toBe(told))
})

test('what goes on has lasted until now', () => {
  expect(took('2026-11-22T11:59:00Z', null, now)).toBe('1 min')
  expect(took('2026-11-22T11:59:00Z', '2026-11-22T11:59:02Z', now)).toBe('2.0 s')
  expect(took(null, null, now)).toBe('')
})
