import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { authorsTask, exampleTask } from './example'

const input = (name: string, more = {}) => ({ name, type: 'text', ...more })
const action = (inputs: ReturnType<typeof input>[], more = {}) => ({
  ...{ id: 'halo.get_ticket', name: 'get_ticket', inputs, example: {} },
  ...more,
})

test('only what is needed, from the workflow’s inputs', () => {
  const text = exampleTask(action([input('ticket_id', { required: true }), input('limit')]))
  expect(text).toBe(`get_ticket:\n  action: halo.get_ticket\n  with:\n    ticket_id: \${{ inputs.ticket_id }}\n`)
})

test('values of the author’s example, defaults and choices come first', () => {
  const text = exampleTask(
    action(
      [
        input('a', { required: true }),
        input('b', { required: true, has_default: true, default: 3 }),
        input('c', { required: true, enum: ['x', 'y'] }),
      ],
      { example: { with: { a: 'it: is "odd"', z: 1 } } },
    ),
  )
  expect(parse(text).get_ticket.with).toEqual({ a: 'it: is "odd"', b: 3, c: 'x' })
})

test('of a group of which one is needed the first is there', () => {
  const text = exampleTask(action([input('id'), input('name')], { one_of: [['id', 'name']] }))
  expect(parse(text).get_ticket.with).toEqual({ id: `\${{ inputs.id }}` })
})

test('without inputs there is no with', () => expect(exampleTask(action([]))).not.toContain('with'))

test('the author’s example as it is', () => {
  const text = authorsTask(action([], { example: { title: 't', with: { client_id: 12, open_only: true } } }))
  expect(parse(text)).toEqual({ get_ticket: { action: 'halo.get_ticket', with: { client_id: 12, open_only: true } } })
})
