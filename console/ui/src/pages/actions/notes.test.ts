import { expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { notesOf } from './notes'

const action = (more: Partial<Schemas['ActionDetail']>): Schemas['ActionDetail'] => ({
  ...{ id: 'halo.a', name: 'a', title: 'A', description: '', effect: 'read', group: 'g', safe_to_repeat: true },
  ...{ verifies: false, inputs: [], input_schema: {}, example: {}, used_by: [] },
  ...more,
})

test('reading needs no warning', () => expect(notesOf(action({}))).toEqual([]))

test('what a write does when it is repeated', () => {
  expect(notesOf(action({ effect: 'write' }))[0]).toContain('tried again')
  expect(notesOf(action({ effect: 'write', safe_to_repeat: false }))[0]).toContain('not repeated blindly')
  expect(notesOf(action({ effect: 'write', safe_to_repeat: false, safe_when: 'has(inputs.id)' }))[0]).toContain(
    'has(inputs.id)',
  )
})

test('all else that is worth knowing', () => {
  const notes = notesOf(
    action({
      pages: true,
      by_method: true,
      verifies: true,
      one_time_fields: true,
      one_of: [['a', 'b']],
      scopes: ['read:x'],
    }),
  )
  expect(notes).toHaveLength(6)
  expect(notes.join(' ')).toContain('At least one of a, b is needed.')
})
