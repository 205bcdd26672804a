import { below, literal, type Step } from '~/parts/data/path'

// Conditions that are made by a click on a value of an event, and what they would have made of other events.

export type Operator =
  | 'equals'
  | 'differs'
  | 'among'
  | 'contains'
  | 'starts'
  | 'ends'
  | 'above'
  | 'at_least'
  | 'below'
  | 'at_most'
  | 'holds'
  | 'not_empty'
  | 'there'

export interface Condition {
  /** The value's place, its first step the name of a variable: ['body', 'ticket', 'id']. */
  path: Step[]
  operator: Operator
  /** What it is compared with; of `among` a list. */
  value?: unknown
  /** Events that lack the value are filtered, instead of failing. */
  careful: boolean
}

/** What a condition makes of an event. It fails where the value is missing, or of a kind that cannot be compared so. */
export type Verdict = 'passes' | 'filtered' | 'fails'

const plain = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The steps of an expression that is nothing but a path, such as body.tags[0]['odd key']; undefined: it is none. */
export function stepsOf(expression: string): Step[] | undefined {
  const steps: Step[] = []
  const part = /\.?([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]/y
  while (part.lastIndex < expression.length) {
    const found = part.exec(expression)
    if (!found || (steps.length === 0) !== (found[1] === found[0])) return undefined
    steps.push(found[1] ?? (found[2] !== undefined ? Number(found[2]) : unescaped(found[3] ?? '')))
  }
  return steps.length > 0 ? steps : undefined
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, c: string) => escapes[c] ?? c)
}

export const pathText = (path: Step[]) => path.reduce<string>((text, step) => below(text, step), '')

/** A value as an expression writes it. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  return JSON.stringify(value ?? null)
}

/** What can be asked of a value, the likeliest first. */
export function operatorsFor(value: unknown): Operator[] {
  if (Array.isArray(value)) return ['not_empty', 'among', 'there']
  switch (typeof value) {
    case 'string':
      return ['equals', 'differs', 'contains', 'starts', 'ends', 'among', 'there']
    case 'number':
    case 'bigint':
      return ['equals', 'differs', 'at_least', 'above', 'at_most', 'below', 'among', 'there']
    case 'boolean':
      return ['holds', 'equals', 'there']
    default:
      return value === null ? ['equals', 'differs', 'there'] : ['not_empty', 'there']
  }
}

const comparisons: Partial<Record<Operator, string>> = {
  equals: '==',
  differs: '!=',
  among: 'in',
  above: '>',
  at_least: '>=',
  below: '<',
  at_most: '<=',
}
const calls: Partial<Record<Operator, string>> = { contains: 'contains', starts: 'startsWith', ends: 'endsWith' }

/** The condition as the `when` has it. Every path is written so that odd names stay names. */
export function written(c: Condition): string {
  const path = pathText(c.path)
  if (c.operator === 'there') return guard(c.path) ?? `${path} != null`
  const before = c.careful ? guard(c.path) : undefined
  const compared = comparisons[c.operator]
  const call = calls[c.operator]
  let test = path
  if (compared) test = `${path} ${compared} ${valueText(c.value)}`
  if (call) test = `${path}.${call}(${valueText(c.value)})`
  if (c.operator === 'not_empty') test = `size(${path}) > 0`
  return before ? `${before} && ${test}` : test
}

/** Tells whether there is such a value, without an error where there is none. */
function guard(path: Step[]): string | undefined {
  const [root, ...steps] = path
  if (root === undefined || steps.length === 0) return undefined
  const [only] = steps
  if (steps.length === 1 && typeof only === 'string' && pathText(path).endsWith(`.${only}`))
    return `has(${pathText(path)})`
  return `${steps.reduce<string>(optional, String(root))}.hasValue()`
}

function optional(before: string, step: Step): string {
  if (typeof step === 'number') return `${before}[?${step}]`
  return plain.test(step) && below('x', step) === `x.${step}` ? `${before}.?${step}` : `${before}[?${literal(step)}]`
}

/** What the condition makes of an event's data. */
export function verdictOf(c: Condition, data: Record<string, unknown>): Verdict {
  let at: unknown = data
  for (const step of c.path) {
    if (at === null || typeof at !== 'object' || Array.isArray(at) !== (typeof step === 'number')) return 'fails'
    const next = Object.hasOwn(at, step) ? (at as Record<Step, unknown>)[step] : undefined
    if (next === undefined) return c.careful || c.operator === 'there' ? 'filtered' : 'fails'
    at = next
  }
  const held = holds(c, at)
  if (held === undefined) return 'fails'
  return held ? 'passes' : 'filtered'
}

// undefined: it cannot be told, which is an error of the expression.
function holds(c: Condition, value: unknown): boolean | undefined {
  switch (c.operator) {
    case 'there':
      return c.path.length > 1 || value !== null
    case 'equals':
      return same(value, c.value)
    case 'differs':
      return !same(value, c.value)
    case 'among':
      return Array.isArray(c.value) ? c.value.some(v => same(value, v)) : undefined
    case 'holds':
      return typeof value === 'boolean' ? value : undefined
    case 'not_empty':
      return sizeOf(value)
    case 'contains':
    case 'starts':
    case 'ends':
      return within(c.operator, value, c.value)
    default:
      return ordered(c.operator, value, c.value)
  }
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

function sizeOf(value: unknown): boolean | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  return value !== null && typeof value === 'object' ? Object.keys(value).length > 0 : undefined
}

function within(operator: 'contains' | 'starts' | 'ends', value: unknown, text: unknown): boolean | undefined {
  if (typeof value !== 'string' || typeof text !== 'string') return undefined
  return { contains: value.includes(text), starts: value.startsWith(text), ends: value.endsWith(text) }[operator]
}

function ordered(operator: Operator, a: unknown, b: unknown): boolean | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined
  return { above: a > b, at_least: a >= b, below: a < b, at_most: a <= b }[operator as 'above']
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'

/** The condition of now and a further one. Either keeps its meaning. */
export function joined(present: string | undefined, added: string): string {
  const own = bare(present ?? '')
  return own ? `${enclosed(own)} && ${enclosed(added)}` : added
}

/** An expression without its braces. */
export function bare(when: string): string {
  const text = when.trim()
  return (/^\$\{\{([\s\S]*)\}\}$/.exec(text)?.[1] ?? text).trim()
}

// `||` and `? :` bind weaker than `&&`.
function enclosed(expression: string): string {
  let outside = expression.replaceAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''").replaceAll(/([.[])\?/g, '$1')
  for (let before = ''; before !== outside; ) {
    before = outside
    outside = outside.replaceAll(/[([][^()[\]]*[)\]]/g, '')
  }
  return /\|\||\?/.test(outside) ? `(${expression})` : expression
}

/** The different values that stand at a place of several events, the most frequent first. */
export function valuesAt(path: Step[], events: Record<string, unknown>[], most = 8): unknown[] {
  const found = new Map<string, { value: unknown; times: number }>()
  for (const data of events) {
    let at: unknown = data
    for (const step of path)
      at = at !== null && typeof at === 'object' ? (at as Record<Step, unknown>)[step] : undefined
    if (at === undefined || (at !== null && typeof at === 'object')) continue
    const key = JSON.stringify(at)
    const before = found.get(key)
    found.set(key, { value: at, times: (before?.times ?? 0) + 1 })
  }
  const all = [...found.values()].sort((a, b) => b.times - a.times)
  return all.slice(0, most).map(f => f.value)
}
