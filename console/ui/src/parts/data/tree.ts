import { below, type Step } from './path'

// A value as the rows of a foldable tree. All of it is pure: what is open and how much is shown comes in.

export type Kind = 'object' | 'list' | 'text' | 'number' | 'boolean' | 'null'

export interface Row {
  /** Where it lies below the value, as a key: steps joined by what no name holds. */
  key: string
  /** The key of what it lies in; undefined: the value itself. */
  parent?: string
  step?: Step
  depth: number
  kind: Kind
  value: unknown
  /** How many entries it has; 0 where it can hold none. */
  size: number
  open: boolean
  /** As an expression. */
  path: string
  /** Instead of a value: so many more entries of the parent are not shown. */
  more?: number
}

export interface View {
  /** What the reader has opened (true) or folded (false), by key. */
  opened: Record<string, boolean>
  /** How many entries of something large are shown, by key. */
  shown: Record<string, number>
  /** Only what has this in its name or its value. */
  search: string
}

/** How many entries of a list are shown at first, and more each time. */
export const page = 100
/** How many rows are shown before things are folded by themselves. */
const roomy = 60
/** How many values a search looks at. */
const mostLooked = 200_000

const glue = '\u0000'

export function kindOf(value: unknown): Kind {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'object'
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'text'
}

/** The entries of an object or a list, without those that are undefined. */
export function entriesOf(value: unknown): [Step, unknown][] {
  if (Array.isArray(value)) return value.map((v, i) => [i, v])
  if (value !== null && typeof value === 'object') return Object.entries(value).filter(([, v]) => v !== undefined)
  return []
}

/** How many values there are in it, itself counted; it stops counting at the bound. */
export function count(value: unknown, bound: number): number {
  let n = 1
  for (const [, v] of entriesOf(value)) {
    if (n >= bound) return n
    n += count(v, bound - n)
  }
  return n
}

/** The rows that are to be seen. */
export function rowsOf(value: unknown, path: string, view: View): Row[] {
  const rows: Row[] = []
  const found = view.search ? matches(value, view.search.toLowerCase()) : undefined
  // Small values are open altogether; of large ones only the first level is.
  const deep = count(value, roomy + 1) <= roomy ? 8 : 1
  const add = (v: unknown, depth: number, key: string, at: string, parent?: string, step?: Step) => {
    const entries = entriesOf(v)
    const open = entries.length > 0 && (found ? found.has(key) : (view.opened[key] ?? depth < deep))
    rows.push({ key, parent, step, depth, kind: kindOf(v), value: v, size: entries.length, open, path: at })
    if (!open) return
    const fitting = found ? entries.filter(([s]) => found.has(key + glue + s)) : entries
    const shown = view.shown[key] ?? page
    for (const [s, child] of fitting.slice(0, shown)) add(child, depth + 1, key + glue + s, below(at, s), key, s)
    const more = fitting.length - shown
    if (more > 0) {
      const rest = { key: `${key}${glue}more`, parent: key, depth: depth + 1, kind: 'null', value: null } as const
      rows.push({ ...rest, size: 0, open: false, path: at, more })
    }
  }
  add(value, 0, '', path)
  return rows
}

/** The keys of what is looked for, and of all that it lies in. */
function matches(value: unknown, text: string): Set<string> {
  const found = new Set<string>([''])
  let looked = 0
  const look = (v: unknown, key: string, step: Step | undefined): boolean => {
    looked++
    if (looked > mostLooked) return false
    const entries = entriesOf(v)
    let fits = step !== undefined && typeof step === 'string' && step.toLowerCase().includes(text)
    if (entries.length === 0 && kindOf(v) !== 'object' && kindOf(v) !== 'list')
      fits ||= String(v).toLowerCase().includes(text)
    for (const [s, child] of entries) if (look(child, key + glue + s, s)) fits = true
    if (fits) found.add(key)
    return fits
  }
  look(value, '', undefined)
  return found
}

/** What stands for an object or a list that is folded: `{id, name, … 12}`. */
export function summary(value: unknown, room = 56): string {
  const entries = entriesOf(value)
  if (Array.isArray(value)) return `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
  let told = ''
  for (const [i, [name]] of entries.entries()) {
    const next = told === '' ? String(name) : `${told}, ${name}`
    if (next.length > room) return `{${told}, … ${entries.length - i} more}`
    told = next
  }
  return `{${told}}`
}
