import { boundsOf, type JsonSchema } from '~/parts/form'

/** A field of a shape, as a row of a table. */
export interface FieldRow {
  name: string
  type: string
  required: boolean
  description: string
  deprecated: string
  /** As it would be written; "" where there is none. */
  otherwise: string
  /** How much it may be, such as `From 1 to 50`; "" where nothing is said. */
  bounds: string
  /** What may be chosen from, as it would be written. */
  choices: string[]
  /** The fields of what it is, or of what its entries are. */
  fields: FieldRow[]
}

/** Shapes within shapes are shown so deep; they may contain themselves. */
const deepest = 6

const scalars: Record<string, string> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
}

/** A type in words, as the handbook has them. */
export function typeInWords(schema: JsonSchema): string {
  const types = [schema.type ?? []].flat()
  const nullable = types.includes('null') && types.length > 1
  const [type, ...more] = types.filter(t => t !== 'null' || types.length === 1)
  if (type === undefined || more.length > 0) return 'anything'
  return nullable ? `${present(type, schema)} or null` : present(type, schema)
}

function present(type: string, schema: JsonSchema): string {
  const format = schema['x-format'] ?? schema.format
  if (type === 'string' && format) return `text (${format})`
  if (type === 'array')
    return schema.items && Object.keys(schema.items).length > 0 ? `list of ${typeInWords(schema.items)}` : 'list'
  if (type !== 'object') return scalars[type] ?? type
  if (schema.properties) return 'object'
  return typeof schema.additionalProperties === 'object' ? `map of ${typeInWords(schema.additionalProperties)}` : 'map'
}

/** The fields of an object, or of the entries of a list, in the order that is asked for; needed ones first otherwise. */
export function fieldRows(schema: JsonSchema, order: string[] = [], depth = 0): FieldRow[] {
  const shape = inner(schema)
  const properties = shape.properties ?? {}
  if (depth >= deepest) return []
  const required = new Set(shape.required ?? [])
  const names = [...new Set([...order.filter(n => n in properties), ...Object.keys(properties)])]
  if (order.length === 0) names.sort((a, b) => Number(required.has(b)) - Number(required.has(a)))
  return names.map(name => {
    const own = properties[name] ?? {}
    return {
      name,
      type: typeInWords(own),
      required: required.has(name),
      description: own.description ?? '',
      deprecated: own.deprecationMessage ?? (own.deprecated ? 'not to be used any more' : ''),
      otherwise: own.default === undefined ? '' : JSON.stringify(own.default),
      bounds: boundsOf(inner(own)),
      choices: (inner(own).enum ?? own.enum ?? []).map(v => JSON.stringify(v)),
      fields: fieldRows(own, [], depth + 1),
    }
  })
}

/** What the entries of a list are, however deep; anything else as it is. */
export function inner(schema: JsonSchema): JsonSchema {
  let at = schema
  while (at.items && [at.type ?? []].flat().includes('array')) at = at.items
  return at
}

/** The rows that have all words in their name or description, with those in which they lie. */
export function searched(rows: FieldRow[], search: string): FieldRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.flatMap(row => {
    const text = `${row.name} ${row.description}`.toLowerCase()
    if (words.every(w => text.includes(w))) return [row]
    const fields = searched(row.fields, search)
    return fields.length > 0 ? [{ ...row, fields }] : []
  })
}
