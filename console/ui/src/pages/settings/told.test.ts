import { expect, test } from 'vitest'
import { told } from './told'

test.each([
  [null, 'not set'],
  [[], 'none'],
  [true, 'yes'],
  [false, 'no'],
  [0, '0'],
  [['a', 'b'], 'a, b'],
  [{ a: 1 }, '{"a":1}'],
  ['30d', '30d'],
])('%j is told as %s', (value, text) => expect(told(value)).toBe(text))
