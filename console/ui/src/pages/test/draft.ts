import { parse } from 'yaml'

// The inputs that a draft declares, as a schema for the form. The server judges the text; this only makes fields of it.

const kept = ['title', 'description', 'default', 'enum', 'minimum', 'maximum', 'format'] as const

interface Declared {
  schema: Record<string, unknown>
  order: string[]
}

/** The declared inputs as JSON Schema, with their names in the order of the text. Null: the text cannot be read. */
export function inputsOf(text: string): Declared | null {
  let read: unknown
  try {
    read = parse(text)
  } catch {
    return null
  }
  const inputs = isMap(read) && isMap(read.inputs) ? read.inputs : {}
  const properties = Object.fromEntries(Object.entries(inputs).map(([name, d]) => [name, fieldOf(d)]))
  const required = Object.entries(inputs).flatMap(([name, d]) => (isMap(d) && d.required === true ? [name] : []))
  return { schema: { type: 'object', properties, required }, order: Object.keys(inputs) }
}

function fieldOf(declared: unknown): Record<string, unknown> {
  if (typeof declared === 'string') return typeOf(declared)
  if (!isMap(declared)) return {}
  const field = Object.fromEntries(kept.flatMap(k => (declared[k] === undefined ? [] : [[k, declared[k]]])))
  return { ...field, ...typeOf(typeof declared.type === 'string' ? declared.type : '') }
}

/** `list of integer or null` as a schema; what is no plain type may be anything. */
function typeOf(written: string): Record<string, unknown> {
  const type = written.replace(/ or null$/, '').trim()
  const items = /^list(?: of (.+))?$/.exec(type)
  if (items) return { type: 'array', ...(items[1] ? { items: typeOf(items[1]) } : {}) }
  return ['string', 'integer', 'number', 'boolean'].includes(type) ? { type } : {}
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
