import { below } from '~/parts/data/path'
import { entriesOf, kindOf } from '~/parts/data/tree'

// How two values, and two runs of one workflow, differ.

export interface Difference {
  /** Where, as an expression. */
  path: string
  kind: 'added' | 'removed' | 'changed'
  before?: unknown
  after?: unknown
}

/** Where two values differ, in the order of the first; at most so many places. */
export function differences(before: unknown, after: unknown, path = '', most = 200): Difference[] {
  const found: Difference[] = []
  walk(before, after, path, found, most)
  return found
}

function walk(before: unknown, after: unknown, path: string, found: Difference[], most: number) {
  if (found.length >= most || Object.is(before, after)) return
  const kind = kindOf(before)
  if (kind !== kindOf(after) || (kind !== 'object' && kind !== 'list')) {
    if (before !== after && !(before == null && after == null)) found.push({ path, kind: 'changed', before, after })
    return
  }
  const was = new Map(entriesOf(before))
  const is = new Map(entriesOf(after))
  for (const [step, value] of was) {
    if (found.length >= most) return
    if (is.has(step)) walk(value, is.get(step), below(path, step), found, most)
    else found.push({ path: below(path, step), kind: 'removed', before: value })
  }
  for (const [step, value] of is) {
    if (found.length >= most) return
    if (!was.has(step)) found.push({ path: below(path, step), kind: 'added', after: value })
  }
}

export interface Compared {
  name: string
  instance: number
}

export interface Pair<T> {
  name: string
  instance: number
  before?: T
  after?: T
}

/** The executions of two runs side by side: in the order of the second, then those that only the first had. */
export function pairs<T extends Compared>(before: T[], after: T[]): Pair<T>[] {
  const key = (t: Compared) => `${t.instance} ${t.name}`
  const was = new Map(before.map(t => [key(t), t]))
  const both = after.map(t => ({ name: t.name, instance: t.instance, before: was.get(key(t)), after: t }))
  const known = new Set(after.map(key))
  const gone = before.filter(t => !known.has(key(t)))
  return [...both, ...gone.map(t => ({ name: t.name, instance: t.instance, before: t }))]
}
