import { expect, test } from 'vitest'
import { filledIn, startValues } from './values'

test('a form begins with defaults, also those that are false', () => {
  const fields = [
    { name: 'a', type: 'whole number', has_default: true, default: 1 },
    { name: 'b', type: 'true or false', has_default: true, default: false },
    { name: 'c', type: 'text' },
  ]
  expect(startValues(fields)).toEqual({ a: 1, b: false })
})

test('what is empty is left out', () =>
  expect(filledIn({ a: '', b: 0, c: undefined, d: false })).toEqual({ b: 0, d: false }))
