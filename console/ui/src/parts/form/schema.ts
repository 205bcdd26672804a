// What a JSON Schema says of a form: which fields there are, and what each is filled in with. All of it is pure.

/** JSON Schema draft-07, as far as the server uses it. */
export interface JsonSchema {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  enum?: unknown[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  additionalProperties?: boolean | JsonSchema
  /** Groups of which one field each is needed: `[{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }]`. */
  allOf?: { anyOf?: { required?: string[] }[] }[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  pattern?: string
  format?: string
  /** A format that JSON Schema has no word for, such as multiline or duration. */
  'x-format'?: string
  writeOnly?: boolean
  deprecated?: boolean
  deprecationMessage?: string
}

export type Kind =
  | 'text'
  | 'long'
  | 'secret'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'date'
  | 'date-time'
  | 'duration'
  | 'file'
  | 'scalars'
  | 'records'
  | 'pairs'
  | 'object'
  | 'data'

/** A field of a form. */
export interface Field {
  name: string
  schema: JsonSchema
  kind: Kind
  required: boolean
}

/** A schema as the API hands it over. */
export function asSchema(given: unknown): JsonSchema {
  return given !== null && typeof given === 'object' ? (given as JsonSchema) : {}
}

/** The type, where it is one besides null; "" where it may be several or any. */
export function typeOf(schema: JsonSchema): string {
  const types = [schema.type ?? []].flat().filter(t => t !== 'null')
  return types.length === 1 ? (types[0] ?? '') : ''
}

/** What a field is filled in with. What no form is known for is written as data. */
export function kindOf(schema: JsonSchema, secret = false): Kind {
  if (secret || schema.writeOnly) return 'secret'
  if (isChoice(schema)) return 'choice'
  switch (typeOf(schema)) {
    case 'string':
      return textKind(schema)
    case 'integer':
      return 'integer'
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array':
      return listKind(schema.items)
    case 'object':
      return objectKind(schema)
    default:
      return 'data'
  }
}

function isChoice(schema: JsonSchema): boolean {
  const values = schema.enum
  return values !== undefined && values.length > 0 && values.every(v => v === null || typeof v !== 'object')
}

const byFormat: Record<string, Kind> = {
  'date-time': 'date-time',
  date: 'date',
  duration: 'duration',
  file: 'file',
  base64: 'long',
  multiline: 'long',
  html: 'long',
}

function textKind(schema: JsonSchema): Kind {
  const known = byFormat[schema['x-format'] ?? schema.format ?? '']
  if (known) return known
  const samples = [schema.default, ...(schema.examples ?? [])].filter(v => typeof v === 'string')
  const long = (schema.maxLength ?? 0) >= 500 || samples.some(s => s.length > 80 || s.includes('\n'))
  return long ? 'long' : 'text'
}

const scalars = ['string', 'integer', 'number']

function listKind(items: JsonSchema | undefined): Kind {
  if (!items) return 'data'
  if (scalars.includes(typeOf(items)) && !items['x-format']) return 'scalars'
  return typeOf(items) === 'object' && items.properties ? 'records' : 'data'
}

function objectKind(schema: JsonSchema): Kind {
  if (schema.properties && Object.keys(schema.properties).length > 0) return 'object'
  const each = schema.additionalProperties
  return typeof each === 'object' && scalars.includes(typeOf(each)) ? 'pairs' : 'data'
}

/** The fields of an object: in the order that is asked for, then by their place in the schema. */
export function fieldsOf(schema: JsonSchema, order: string[] = [], secrets: string[] = []): Field[] {
  const properties = schema.properties ?? {}
  const names = [...new Set([...order.filter(name => name in properties), ...Object.keys(properties)])]
  return names.map(name => {
    const own = properties[name] ?? {}
    return {
      name,
      schema: own,
      kind: kindOf(own, secrets.includes(name)),
      required: schema.required?.includes(name) ?? false,
    }
  })
}

/** So many fields are shown at once; of more only those that matter, and the others are picked by name. */
export const fieldsAtOnce = 16

/** The fields of a long form that are shown: needed ones, filled ones, wrong ones, picked ones; at least a few. */
export function shownFields(fields: Field[], value: Record<string, unknown>, also: Iterable<string>): Field[] {
  if (fields.length <= fieldsAtOnce) return fields
  const wanted = new Set(also)
  const few = fields.some(f => f.required) ? [] : fields.filter(f => !f.schema.deprecated).slice(0, 6)
  return fields.filter(f => f.required || value[f.name] !== undefined || wanted.has(f.name) || few.includes(f))
}
