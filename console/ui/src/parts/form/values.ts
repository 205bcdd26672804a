// Between what people type and the values that the server takes. All of it is pure.
import { wholeOf } from '~/api/json'
import type { JsonSchema, Kind } from './schema'

export type Values = Record<string, unknown>

/** Text that was typed for data, and cannot be read as YAML or JSON (yet). */
export class Unreadable {
  constructor(
    readonly text: string,
    readonly why: string,
  ) {}

  toJSON(): string {
    return this.text
  }
}

/** The values with one of them set; undefined takes it away. */
export function withValue(values: Values, name: string, value: unknown): Values {
  if (value !== undefined) return { ...values, [name]: value }
  const { [name]: _, ...rest } = values
  return rest
}

/** Whether it is text with a `${{ … }}` in it. */
export function isExpression(value: unknown): value is string {
  return typeof value === 'string' && value.includes('${{')
}

/** The kinds whose own input takes a `${{ … }}` as it is. */
export function takesExpression(kind: Kind): boolean {
  return kind === 'text' || kind === 'long' || kind === 'secret' || kind === 'duration'
}

/** The largest whole number that the server knows: it counts in 64 bits. */
const largest = 2n ** 63n - 1n

/** A number as it was typed. What is no number stays text, so that nothing that was typed is lost. */
export function toNumber(typed: string): number | bigint | string | undefined {
  const text = typed.trim()
  if (text === '') return undefined
  if (/^-?\d{16,}$/.test(text)) return fits(BigInt(text)) ? wholeOf(text) : text
  const n = Number(text.replace(',', '.'))
  return Number.isFinite(n) ? n : text
}

const fits = (n: bigint) => n <= largest && n >= -largest - 1n

/** An entry of a list of texts or numbers as it was typed. */
export function toItem(typed: string, items: JsonSchema | undefined): unknown {
  return items?.type === 'string' || isExpression(typed) ? typed : (toNumber(typed) ?? typed)
}

/** A value in a few words, for people. */
export function inWords(value: unknown): string {
  if (value === null) return 'nothing'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (value === '') return 'empty'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A time as an input of the browser takes it, in the browser's time zone; "" for what is no time. */
export function toLocalTime(value: unknown): string {
  if (typeof value !== 'string') return ''
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return ''
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** A time of such an input, with its offset from UTC at that time. */
export function fromLocalTime(typed: string): string | undefined {
  const at = new Date(typed)
  if (!typed || Number.isNaN(at.getTime())) return undefined
  const minutes = -at.getTimezoneOffset()
  const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0')
  const offset = minutes === 0 ? 'Z' : `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
  return `${typed.length === 16 ? `${typed}:00` : typed}${offset}`
}

/** Whether a text is a duration such as 300ms, 30s, 5m, 1h30m, 30d. */
export function isDuration(text: string): boolean {
  return text.trim() === '0' || /^(\d+(\.\d+)?(ms|s|m|h|d|w))+$/.test(text.trim())
}

/** The help under a field: what it is for, an example, what counts when it is left empty. */
export function helpOf(schema: JsonSchema, kind: Kind): string {
  const said: string[] = []
  if (schema.deprecated)
    said.push(`No longer used${schema.deprecationMessage ? `: ${schema.deprecationMessage}` : ''}.`)
  if (schema.description) said.push(schema.description)
  if (schema.default !== undefined && schema.default !== null && kind !== 'boolean' && kind !== 'long')
    said.push(`Left empty: ${inWords(schema.default)}.`)
  const bounds = boundsOf(schema)
  if (bounds && !schema.description?.includes(bounds)) said.push(`${bounds}.`)
  return said.join(' ')
}

/** How much a number may be, such as `From 1 to 50`; "" where nothing is said that is not plain. */
export function boundsOf({ minimum, maximum }: JsonSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `From ${minimum} to ${maximum}`
  if (minimum !== undefined && minimum > 1) return `At least ${minimum}`
  return maximum !== undefined ? `At most ${maximum}` : ''
}

/** The example that stands in an empty field. */
export function sampleOf(schema: JsonSchema): string | undefined {
  const sample = schema.default ?? schema.examples?.[0]
  return sample === undefined || sample === null || typeof sample === 'object' ? undefined : String(sample)
}
