import { describe, expect, test } from 'vitest'
import type { Outline } from '~/parts/graph'
import { inputsOf } from './draft'
import { realityOf, told } from './real'
import { keepable } from './remembered'

test('what is secret, or sounds so, is not kept', () => {
  const schema = { properties: { note: { format: 'password' }, door: { writeOnly: true } } }
  const values = { ticket_id: 7, new_password: 'x', api_key: 'x', note: 'x', door: 'x', pinned: true }
  expect(keepable(values, schema)).toEqual({ ticket_id: 7, pinned: true })
})

describe('inputsOf', () => {
  test('makes fields of what a draft declares, in its order', () => {
    const text =
      'inputs:\n  b: {type: integer, required: true, minimum: 1}\n  a: list of string or null\n  c: {type: map}\n'
    expect(inputsOf(text)).toEqual({
      order: ['b', 'a', 'c'],
      schema: {
        type: 'object',
        required: ['b'],
        properties: { b: { type: 'integer', minimum: 1 }, a: { type: 'array', items: { type: 'string' } }, c: {} },
      },
    })
  })
  test('a text without inputs has none, one that cannot be read has no form', () => {
    expect(inputsOf('tasks: {}')?.order).toEqual([])
    expect(inputsOf('a: [')).toBeNull()
  })
})

describe('what is real', () => {
  const task = (name: string, effect?: 'read' | 'write' | 'delete', more = {}) => ({
    name,
    effect,
    mocked: false,
    ...more,
  })
  const outline = (...tasks: object[]) => ({ tasks }) as unknown as Outline
  test.each([
    [outline(task('a', 'read')), 'It only reads: nothing is changed in other systems.'],
    [outline(task('a', 'write'), task('b', 'delete')), 'This is done for real: a and b write to the other systems.'],
    [
      outline(task('a', 'write'), task('s', undefined, { workflow: 'x' })),
      'This is done for real: a writes to the other systems; s calls other workflows, which may write.',
    ],
    [outline(task('a', 'write', { mocked: true })), 'It only reads: nothing is changed in other systems.'],
    [outline(task('x')), 'This is done for real: of x it is not known.'],
  ])('%#', (o, line) => expect(told(realityOf(o))).toBe(line))
})
