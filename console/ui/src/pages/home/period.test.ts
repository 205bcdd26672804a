import { describe, expect, test } from 'vitest'
import { beginOf, endOf, periodOf, periods, saved } from './period'

describe('a period', () => {
  const now = new Date(2026, 10, 22, 17, 30) // a Sunday
  test('of hours begins with an hour', () =>
    expect(beginOf(periodOf('24h'), now)).toEqual(new Date(2026, 10, 21, 18, 0)))
  test('of days begins with a day', () => expect(beginOf(periodOf('7d'), now)).toEqual(new Date(2026, 10, 16)))
  test('of weeks begins on a Monday', () => expect(beginOf(periodOf('90d'), now).getDay()).toBe(1))
  test('that is not known is a week', () => expect(periodOf('never')).toBe(periods[1]))
  test('has no gaps', () => expect(endOf('day', new Date(2026, 2, 29))).toEqual(new Date(2026, 2, 30)))
})

test.each([
  [0, 'none'],
  [40, '40 s'],
  [2700, '45 min'],
  [5400, '1.5 h'],
  [4_464_000, '1,240 h'],
])('%d seconds saved are %s', (seconds, told) => expect(saved(seconds)).toBe(told))
