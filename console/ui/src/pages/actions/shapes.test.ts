import { expect, test } from 'vitest'
import type { JsonSchema } from '~/parts/form'
import { fieldRows, searched, typeInWords } from './shapes'

test.each([
  [{ type: 'string' }, 'text'],
  [{ type: 'string', format: 'date-time' }, 'text (date-time)'],
  [{ type: ['integer', 'null'] }, 'whole number or null'],
  [{ type: 'array', items: { type: 'integer' } }, 'list of whole number'],
  [{ type: 'array', items: {} }, 'list'],
  [{ type: 'object', properties: {} }, 'object'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'map of text'],
  [{ type: 'object' }, 'map'],
  [{}, 'anything'],
  [{ type: ['string', 'integer'] }, 'anything'],
] as [JsonSchema, string][])('%j is %s', (schema, words) => expect(typeInWords(schema)).toBe(words))

const ticket: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id'],
    properties: {
      summary: { type: 'string', description: 'The subject.', default: 'none' },
      user: { type: ['object', 'null'], properties: { mail: { type: 'string', enum: ['a', 'b'] } } },
      id: { type: 'integer', minimum: 1, maximum: 9 },
    },
  },
}

test('the fields of the entries, needed ones first, or as they are ordered', () => {
  const rows = fieldRows(ticket)
  expect(rows.map(r => r.name)).toEqual(['id', 'summary', 'user'])
  expect(rows[0]).toMatchObject({ required: true, bounds: 'From 1 to 9' })
  expect(rows[1]).toMatchObject({ otherwise: '"none"', bounds: '', description: 'The subject.' })
  expect(rows[2]?.fields[0]).toMatchObject({ name: 'mail', choices: ['"a"', '"b"'] })
  expect(fieldRows(ticket, ['user']).map(r => r.name)).toEqual(['user', 'summary', 'id'])
})

test('a shape that contains itself ends', () => {
  const node: JsonSchema = { type: 'object', properties: {} }
  node.properties = { child: node }
  expect(JSON.stringify(fieldRows(node)).length).toBeLessThan(5000)
})

test('a search keeps what lies around', () => {
  expect(searched(fieldRows(ticket), 'mail')).toMatchObject([{ name: 'user', fields: [{ name: 'mail' }] }])
  expect(searched(fieldRows(ticket), 'SUBJECT')).toHaveLength(1)
  expect(searched(fieldRows(ticket), 'nothing')).toEqual([])
})
