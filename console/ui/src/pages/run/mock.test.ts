import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { escaped, failedItems, mockable, mocksYAML, mockYAML } from './mock'

test('a result becomes a mock', () => {
  const task = { name: 'get_ticket', status: 'succeeded', result: { id: 7, summary: 'say ${{ no }}', '${{ k }}': 1 } }
  expect(mockYAML(task)).toBe('mock:\n  result:\n    id: 7\n    summary: say $${{ no }}\n    ${{ k }}: 1\n')
})

test('a number keeps its digits', () => {
  const told = mockYAML({ name: 'get_ticket', status: 'succeeded', result: { id: 9007199254740993n } })
  expect(told).toBe('mock:\n  result:\n    id: 9007199254740993\n')
})

test('a failure becomes a mock of its error', () => {
  const error = { code: 'not_found', message: 'HaloPSA does not know this (404)', task: 'get_ticket' }
  expect(mockYAML({ name: 'get_ticket', status: 'failed', result: null, error })).toBe(
    'mock:\n  error:\n    code: not_found\n    message: HaloPSA does not know this (404)\n',
  )
})

test('a mock of a for_each gives each item its own result, and null where it failed', () => {
  const result = [
    { status: 'succeeded', result: { id: 1, summary: 'say ${{ no }}' }, error: null },
    { status: 'failed', result: null, error: { code: 'not_found', message: 'x' } },
  ]
  const task = { name: 'tickets', status: 'succeeded', result, each: true }
  expect(parse(mockYAML(task)).mock.result).toBe('${{ [{"id":1,"summary":"say ${{ no }}"},null][index] }}')
  expect(failedItems(task)).toBe(1)
  expect(parse(mockYAML({ ...task, status: 'failed', error: { code: 'items_failed', message: 'y' } }))).toEqual({
    mock: { error: { code: 'items_failed', message: 'y' } },
  })
})

test('what is longer than an expression may be is no mock of a for_each', () => {
  const item = (text: string) => ({ status: 'succeeded', result: text })
  const task = (text: string) => ({ name: 't', status: 'succeeded', result: [item(text)], each: true })
  expect(mockable(task('x'.repeat(16_000)))).toBe(true)
  expect(mockable(task('x'.repeat(17_000)))).toBe(false)
  expect(mockable({ ...task('x'.repeat(17_000)), each: false })).toBe(true)
})

test('all mocks stand below their tasks, the last execution counts', () => {
  const told = mocksYAML([
    { name: 'a', status: 'succeeded', result: 1 },
    { name: 'b', status: 'succeeded', result: null },
    { name: 'a', status: 'succeeded', result: 2 },
  ])
  expect(parse(told)).toEqual({ tasks: { a: { mock: { result: 2 } }, b: { mock: { result: null } } } })
})

test('what is read back is what was escaped, whatever the value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
      const read = parse(mockYAML({ name: 't', status: 'succeeded', result: value }))
      expect(JSON.stringify(read.mock.result)).toBe(JSON.stringify(escaped(value)))
    }),
  )
})

test('every expression in a text is escaped', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('$', '{{', '${{', 'x', '$$')), parts => {
      const text = parts.join('')
      expect(String(escaped(text)).replaceAll('$${{', () => '${{')).toBe(text)
      expect(String(escaped(text)).replaceAll('$${{', '!')).not.toContain('${{')
    }),
  )
})
