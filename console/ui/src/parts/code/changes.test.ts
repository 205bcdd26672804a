import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesBetween } from './changes'

test('the changes make the one text into the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '\n', ' ', 'task:', 'é', '🙂')).map(parts => parts.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      let made = before
      for (const c of changesBetween(before, after).reverse()) {
        made = made.slice(0, c.from) + c.insert + made.slice(c.to)
      }
      expect(made).toBe(after)
    }),
  )
})

test('what stays is not touched', () => {
  const before = 'a: 1\nb: 2\nc: 3\n'
  expect(changesBetween(before, 'a: 1\nb: 5\nc: 3\n')).toEqual([{ from: 8, to: 9, insert: '5' }])
})
