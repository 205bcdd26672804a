import { expect, test } from 'vitest'
import { asked, conditionsOf, counted, firstChoice, whenOf } from './suggestion'

const events = [
  { body: { event: 'new', n: 5 } },
  { body: { event: 'new', n: 1 } },
  { body: { event: 'old', n: 9 } },
  { body: { n: 9 } },
]

test('a chosen value is compared with itself at first', () => {
  const choice = firstChoice('body.event', 'new')
  expect(whenOf(undefined, conditionsOf([choice], false))).toBe("body.event == 'new'")
  expect(counted(conditionsOf([choice], false), events)).toEqual({ passes: 2, filtered: 1, fails: 1 })
  expect(counted(conditionsOf([choice], true), events)).toEqual({ passes: 2, filtered: 2, fails: 0 })
})

test('of several, one that is false decides', () => {
  const choices = [firstChoice('body.event', 'new'), { ...firstChoice('body.n', 5), operator: 'at_least' as const }]
  expect(counted(conditionsOf(choices, false), events)).toEqual({ passes: 1, filtered: 2, fails: 1 })
  expect(whenOf("method == 'POST' || x", conditionsOf(choices, false))).toBe(
    "(method == 'POST' || x) && body.event == 'new' && body.n >= 5",
  )
})

test('another question keeps what it is compared with, where it can', () => {
  const choice = { ...firstChoice('body.event', 'new'), against: 'ne' }
  expect(asked(choice, 'contains', [])).toMatchObject({ operator: 'contains', against: 'ne' })
  const among = asked(choice, 'among', ['new', 'old'])
  expect(among.against).toEqual(['new', 'old'])
  expect(asked(among, 'equals', []).against).toBe('new')
  expect(asked(choice, 'there', []).against).toBeUndefined()
})

test('what is no path makes no condition', () => {
  expect(conditionsOf([firstChoice('size(body)', 3)], true)).toEqual([])
})
