import { expect, test } from 'vitest'
import { inShort, nameMistake, oneLine, typeWord } from './variable'

test('values stand on one line, and secrets never do', () => {
  expect(oneLine({ type: 'secret', value: null })).toBe('••••••••')
  expect(oneLine({ type: 'boolean', value: false })).toBe('no')
  expect(oneLine({ type: 'object', value: { from: 8 } })).toBe('{"from":8}')
  expect(oneLine({ type: 'string', value: '' })).toBe('empty')
  expect(typeWord('object')).toBe('Object')
})

test('a long value is told in short', () => {
  expect(inShort({ type: 'string', value: 'Blue' })).toBe('Blue')
  expect(inShort({ type: 'string', value: 'x'.repeat(100) })).toBe(`${'x'.repeat(60)}…`)
  expect(inShort({ type: 'secret', value: null })).toBe('••••••••')
})

test('names are what expressions can read', () => {
  expect(nameMistake('default_team', [])).toBe('')
  expect(nameMistake('default team', [])).toContain('Letters')
  expect(nameMistake('1st', [])).toContain('digit')
  expect(nameMistake('a', ['a'])).toContain('already')
})
