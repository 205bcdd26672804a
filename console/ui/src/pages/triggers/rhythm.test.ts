import { describe, expect, test } from 'vitest'
import { cronInWords, rhythmInWords } from './rhythm'

describe('cron in words', () => {
  test.each([
    ['* * * * *', 'every minute'],
    ['*/15 * * * *', 'every 15 minutes'],
    ['*/10 8-17 * * mon-fri', 'every 10 minutes from 08:00 to 17:59, Monday to Friday'],
    ['0 * * * *', 'every hour'],
    ['5,35 * * * *', 'at :05 and :35 of every hour'],
    ['0 */2 * * *', 'every 2 hours'],
    ['30 8-18 * * *', 'every hour from 08:30 to 18:30'],
    ['0 8 * * mon-fri', 'at 08:00, Monday to Friday'],
    ['0 8,12 * * 1,3', 'at 08:00 and 12:00, Monday and Wednesday'],
    ['0 9 1 * *', 'at 09:00, on the 1st of the month'],
    ['0 9 L * *', 'at 09:00, on the last day of the month'],
    ['0 9 L-3 * *', 'at 09:00, 3 days before the end of the month'],
    ['0 9 15W * *', 'at 09:00, on the weekday nearest to the 15th'],
    ['0 9 * * tue#2', 'at 09:00, the 2nd Tuesday'],
    ['0 9 * * friL', 'at 09:00, the last Friday'],
    ['0 0 13 * fri', 'at 00:00, on the 13th of the month or Friday'],
    ['0 0 1 jan,jul *', 'at 00:00, on the 1st of the month, in January and July'],
    ['@monthly', 'at 00:00, on the 1st of the month'],
    ['@weekly', 'at 00:00, Sunday'],
  ])('%s', (cron, told) => expect(cronInWords(cron)).toBe(told))

  test.each(['7/9 * * * *', '0 0 */2 * *', '0 0 * * mon#x', 'nonsense', '1 2 3'])('%s has no short words', cron =>
    expect(cronInWords(cron)).toBeUndefined(),
  )
})

test('a rhythm names its zone', () => {
  expect(rhythmInWords({ cron: '0 8 * * *', timezone: 'Europe/London' })).toBe('at 08:00 (Europe/London)')
  expect(rhythmInWords({ cron: '0 8 * * *' })).toBe('at 08:00 (UTC)')
  expect(rhythmInWords({ cron: '7/9 * * * *', timezone: 'UTC' })).toBe('7/9 * * * * (UTC)')
  expect(rhythmInWords({ every: '15m' })).toBe('every 15m')
  expect(rhythmInWords({})).toBe('')
})
