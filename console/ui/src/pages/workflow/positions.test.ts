import { Text } from '@codemirror/state'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { offsetOf, placeOf } from './positions'

const piece = fc.constantFrom('a', 'é', '🙂', ' ', '\n', '字')
const text = fc.array(piece).map(p => p.join(''))

test('a place leads to the offset that it was made of', () => {
  fc.assert(
    fc.property(text, fc.nat(), (t, n) => {
      const doc = Text.of(t.split('\n'))
      const characters = [...t]
      const offset = characters.slice(0, n % (characters.length + 1)).join('').length
      const { line, column } = placeOf(doc, offset)
      expect(offsetOf(doc, line, column)).toBe(offset)
    }),
  )
})

test('columns count code points', () => {
  const doc = Text.of(['🙂🙂x'])
  expect(placeOf(doc, 4)).toEqual({ line: 1, column: 3 })
  expect(offsetOf(doc, 1, 3)).toBe(4)
})

test('places outside are the nearest within', () => {
  const doc = Text.of(['ab', 'c'])
  expect(offsetOf(doc, 0, 0)).toBe(0)
  expect(offsetOf(doc, 1, 99)).toBe(2)
  expect(offsetOf(doc, 9, 1)).toBe(4)
})
