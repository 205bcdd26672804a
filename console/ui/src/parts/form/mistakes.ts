// What a form can tell by itself before the server is asked. The server decides all the same. Pure.
import { type Field, fieldsOf, type JsonSchema, typeOf } from './schema'
import { inWords, isDuration, isExpression, Unreadable, type Values } from './values'

/** What is wrong, by the path of the field: `name`, `address.city`, `rows.0.name`. */
export type Mistakes = Record<string, string>

interface Looking {
  secrets?: string[]
  /** Secrets that are stored: they may be left empty. */
  kept?: string[]
  expressions?: boolean
}

/** What is wrong with the values of a form. */
export function mistakesIn(schema: JsonSchema, values: Values, looking: Looking = {}, path = ''): Mistakes {
  const found: Mistakes = {}
  for (const field of fieldsOf(schema, [], path === '' ? looking.secrets : [])) {
    const value = values[field.name]
    const at = path + field.name
    if (isEmpty(value)) {
      const kept = path === '' && looking.kept?.includes(field.name)
      if (field.required && field.schema.default === undefined && !kept) found[at] = 'is needed'
    } else if (value instanceof Unreadable) {
      found[at] = value.why
    } else if (!(looking.expressions && isExpression(value))) {
      Object.assign(found, mistakesOf(field, value, looking, at))
    }
  }
  for (const group of schema.allOf ?? []) {
    const names = (group.anyOf ?? []).flatMap(one => one.required ?? [])
    const first = names[0]
    if (first && names.every(name => isEmpty(values[name])))
      found[path + first] = `one of ${names.join(', ')} is needed`
  }
  return found
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function mistakesOf(field: Field, value: unknown, looking: Looking, at: string): Mistakes {
  const { schema, kind } = field
  if (kind === 'object')
    return isObject(value) ? mistakesIn(schema, value, looking, `${at}.`) : { [at]: 'is no object' }
  if (kind === 'records' || kind === 'scalars') return listMistakes(schema, value, looking, at)
  const said =
    kind === 'duration' && !isDuration(String(value))
      ? 'is no duration such as 30s, 5m, 8h'
      : scalarMistake(schema, value)
  return said ? { [at]: said } : {}
}

function listMistakes(schema: JsonSchema, value: unknown, looking: Looking, at: string): Mistakes {
  if (!Array.isArray(value)) return { [at]: 'is no list' }
  const found: Mistakes = {}
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    found[at] = `has more than ${schema.maxItems} entries`
  const items = schema.items ?? {}
  value.forEach((item, i) => {
    if (looking.expressions && isExpression(item)) return
    if (isObject(item)) Object.assign(found, mistakesIn(items, item, looking, `${at}.${i}.`))
    else {
      const said = scalarMistake(items, item)
      if (said) found[at] ??= `${inWords(item)} ${said}`
    }
  })
  return found
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function scalarMistake(schema: JsonSchema, value: unknown): string {
  switch (typeOf(schema)) {
    case 'integer':
      return isNumber(value) && (typeof value === 'bigint' || Number.isInteger(value))
        ? outOfBounds(schema, value)
        : 'is no whole number'
    case 'number':
      return isNumber(value) ? outOfBounds(schema, value) : 'is no number'
    case 'string':
      return typeof value === 'string' ? textMistake(schema, value) : 'is no text'
    case 'array':
      return Array.isArray(value) ? '' : 'is no list'
    case 'object':
      return isObject(value) ? '' : 'is no object: names with a value each'
    default:
      return ''
  }
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'

function outOfBounds({ minimum, maximum }: JsonSchema, value: number | bigint): string {
  if (minimum !== undefined && value < minimum) return `is less than ${minimum}`
  return maximum !== undefined && value > maximum ? `is more than ${maximum}` : ''
}

function textMistake(schema: JsonSchema, text: string): string {
  const length = [...text].length
  if (schema.minLength !== undefined && length < schema.minLength)
    return `is shorter than ${schema.minLength} characters`
  if (schema.maxLength !== undefined && length > schema.maxLength)
    return `is longer than ${schema.maxLength} characters`
  if (schema.enum && !schema.enum.includes(text)) return 'is none of the choices'
  return ''
}

/** An error, as far as it may tell of fields. */
interface Refusal {
  fields: Record<string, string>
  detail: unknown
}

/**
 * What the server says of fields, by the names of the form's fields. It tells them by their place in the request
 * (`body.inputs.name`, within `inputs`), or in its detail by their place among the values (`name`). What it says of the
 * whole is that of "".
 */
export function fieldMistakes({ fields, detail }: Refusal, within = ''): Mistakes {
  const told = (detail as { fields?: unknown } | null | undefined)?.fields
  const found: Mistakes = {}
  for (const [path, message] of Object.entries(isObject(told) ? { ...fields, ...told } : fields)) {
    let name = path.replace(/^body\./, '')
    if (within && name.startsWith(`${within}.`)) name = name.slice(within.length + 1)
    found[name.replace(/\[(\d+)\]/g, '.$1')] = String(message)
  }
  return found
}
