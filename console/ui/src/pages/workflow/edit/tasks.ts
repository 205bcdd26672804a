import { mentionsOf } from './mentions'
import { addPair, removePair, setPair } from './places'
import {
  applied,
  endOf,
  isMap,
  isScalar,
  isSeq,
  keyOf,
  type MapNode,
  type PairNode,
  Source,
  type Splice,
  startOf,
} from './source'
import { setIn } from './values'
import { connect, disconnect } from './ways'

/** What a task may be called: it is read as tasks.<name>. */
export const taskName = /^[A-Za-z_][A-Za-z0-9_]*$/

const reserved = new Set(['noop', 'fail', 'continue', 'end', 'retry'])

/** Why a task cannot be called so; null: it can. */
export function wrongName(name: string, others: string[]): string | null {
  if (!taskName.test(name)) return 'Letters, digits and _ alone, and no digit first: other tasks read it as tasks.name.'
  if (reserved.has(name)) return `${name} is a word of the language.`
  if (others.includes(name)) return 'There is a task of this name.'
  return null
}

/** The names of the text's tasks, as the file has them. */
export function taskNames(text: string): string[] {
  const tasks = new Source(text).at(['tasks'])?.value
  return isMap(tasks) ? (tasks as MapNode).items.map(keyOf) : []
}

/** A name that is free: the wish itself, or with a number behind it. */
export function freeName(wish: string, others: string[]): string {
  const base = wish.replace(/\W+/g, '_').replace(/^(\d)/, '_$1') || 'task'
  const taken = (name: string) => wrongName(name, others) !== null
  if (!taken(base)) return base
  let n = 2
  while (taken(`${base}_${n}`)) n++
  return `${base}_${n}`
}

export interface NewTask {
  name: string
  action?: string
  workflow?: string
  with?: Record<string, unknown>
}

/** Adds a task: behind another one, from which it is reached when that succeeded, or at the end. */
export function addTask(text: string, task: NewTask, after?: string): string {
  const src = new Source(text)
  const { name, action, workflow, with: given } = task
  const value = {
    ...(action ? { action } : {}),
    ...(workflow ? { workflow } : {}),
    ...(given && Object.keys(given).length > 0 ? { with: given } : {}),
  }
  const tasks = src.at(['tasks'])
  if (!tasks || !isMap(tasks.value) || tasks.value.items.length === 0) return setIn(text, ['tasks'], { [name]: value })
  const map = tasks.value as MapNode
  const before = after === undefined ? undefined : src.at(['tasks', after])
  const added = applied(text, addPair(src, map, name, value, before, areApart(src, map)))
  return before ? connect(added, String(after), name, { kind: 'success' }) : added
}

// Whether the tasks have empty lines between them.
function areApart(src: Source, map: MapNode): boolean {
  const [one, two] = map.items.slice(-2)
  if (!one || !two || map.flow) return false
  return /\n[ \t]*\r?\n/.test(src.text.slice(endOf(one) - 1, startOf(two)))
}

/** Gives a task another name, everywhere: where it stands, in what leads to it, and in expressions. */
export function renameTask(text: string, name: string, to: string): string {
  const src = new Source(text)
  const task = src.at(['tasks', name])
  if (!task || name === to) return text
  const places: Splice[] = [{ from: startOf(task.key), to: endOf(task.key), insert: to }]
  for (const node of targetsOf(src)) {
    if (node.value === name) places.push({ from: startOf(node), to: endOf(node), insert: to })
  }
  places.push(...mentionsOf(src, name).map(m => ({ ...m, insert: to })))
  return applied(text, places)
}

type Target = { value: unknown; range?: unknown }

/** The names and words that stand in `next` and `do` of all tasks. */
function targetsOf(src: Source): Target[] {
  const found: Target[] = []
  for (const { next } of nexts(src)) {
    const leads = (node: unknown) => {
      if (isScalar(node)) found.push(node as Target)
      else if (isSeq(node)) for (const item of node.items) leads(item)
    }
    const entry = (node: unknown) => (isMap(node) ? leads((node as MapNode).get('do', true)) : leads(node))
    if (isSeq(next.value)) for (const item of next.value.items) entry(item)
    else entry(next.value)
  }
  return found
}

function nexts(src: Source): { task: string; next: PairNode }[] {
  const tasks = src.at(['tasks'])?.value
  if (!isMap(tasks)) return []
  return (tasks as MapNode).items.flatMap(pair => {
    const next = src.at(['tasks', keyOf(pair), 'next'])
    return next ? [{ task: keyOf(pair), next }] : []
  })
}

/** Removes a task, the comment right above it, and what leads to it. */
export function deleteTask(text: string, name: string): string {
  const src = new Source(text)
  const tasks = src.at(['tasks'])
  const pair = src.at(['tasks', name])
  if (!pair || !tasks || !isMap(tasks.value)) return text
  const map = tasks.value as MapNode
  const rest =
    map.items.length > 1 ? removePair(src, map, pair, true) : setPair(src, tasks, {}, src.root?.flow === true)
  return withoutWaysTo(applied(text, rest), name)
}

// Each is taken away in the text that the one before left.
function withoutWaysTo(text: string, name: string): string {
  const way = wayTo(new Source(text), name)
  if (!way) return text
  const less = disconnect(text, way.task, way.index, name)
  return less === text ? text : withoutWaysTo(less, name)
}

function wayTo(src: Source, name: string): { task: string; index: number } | null {
  for (const { task, next } of nexts(src)) {
    const entries = isSeq(next.value) ? next.value.items : [next.value]
    const index = entries.findIndex(entry => {
      const target = isMap(entry) ? (entry as MapNode).get('do', true) : entry
      return (isSeq(target) ? target.items : [target]).some(t => isScalar(t) && t.value === name)
    })
    if (index >= 0) return { task, index }
  }
  return null
}
