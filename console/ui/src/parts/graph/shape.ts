import type { Schemas } from '~/api/client'
import { labelOf } from './label'

export type Outline = Schemas['AssistOutline']
export type OutlineTask = Schemas['AssistTask']
export type OutlineTransition = Schemas['AssistTransition']
export type OutlineTrigger = Schemas['AssistTrigger']

export type WordKind = 'end' | 'noop' | 'fail'

/** What is drawn as a box. */
export type Box = { id: string; width: number; height: number } & (
  | { kind: 'task'; task: OutlineTask; marks: Mark[] }
  | { kind: 'trigger'; trigger: OutlineTrigger }
  | { kind: 'start' }
  | { kind: 'word'; word: WordKind }
)

/** A small sign on a task. */
export interface Mark {
  kind: 'start' | 'join' | 'each' | 'retry' | 'timeout' | 'mock' | 'first' | 'org'
  text: string
}

/** A way from a box to another. */
export interface Way {
  id: string
  source: string
  target: string
  kind: OutlineTransition['kind'] | 'trigger'
  label: string
  /** The transition that it is, and which of its targets; none: it leads from a trigger. */
  transition?: { from: string; index: number; target: number }
}

export interface Shape {
  boxes: Box[]
  ways: Way[]
}

const taskWidth = 236
const wordWidth: Record<WordKind, number> = { end: 56, noop: 92, fail: 86 }

export const taskId = (name: string) => `task:${name}`

/** What a task's box says in small. */
export function marksOf(task: OutlineTask): Mark[] {
  const marks: Mark[] = []
  const add = (kind: Mark['kind'], text: string) => marks.push({ kind, text })
  if (task.start) add('start', 'start')
  if (task.inbound > 1 || (task.join !== 'each' && task.join !== 'all')) {
    const of = /^\d+$/.test(task.join) ? `join ${task.join} of ${task.inbound}` : `join ${task.join}`
    add('join', of)
  }
  if (task.for_each) add('each', `each ${task.for_each}`)
  if (task.follow === 'first') add('first', 'first only')
  if (task.retry) add('retry', `${task.retry} attempts`)
  if (task.timeout) add('timeout', task.timeout)
  if (task.org) add('org', 'other organisation')
  if (task.mocked) add('mock', 'mocked')
  return marks
}

// Marks flow into lines of the box; this is about how long each is.
function lines(marks: Mark[]): number {
  let line = 0
  let used = Number.POSITIVE_INFINITY
  for (const m of marks) {
    const width = m.text.length * 6 + 28
    if (used + width > taskWidth - 20) {
      line++
      used = 0
    }
    used += width + 4
  }
  return line
}

/** What of an outline is drawn: its triggers, tasks and words as boxes, in the file's order, and the ways between. */
export function shapeOf(outline: Outline): Shape {
  const tasks = outline.tasks ?? []
  const boxes: Box[] = tasks.map(task => {
    const marks = marksOf(task)
    return { id: taskId(task.name), kind: 'task', task, marks, width: taskWidth, height: 58 + lines(marks) * 22 }
  })
  const begun = beginnings(outline)
  const ways = [...begun.ways]
  const known = new Set(tasks.map(t => t.name))
  const only = countFirst(outline)
  for (const transition of outline.transitions ?? []) {
    if (!known.has(transition.from)) continue
    for (const { box, way } of leads(transition, known, only.has(transition.from))) {
      if (box) boxes.push(box)
      ways.push(way)
    }
  }
  return { boxes: [...begun.boxes, ...boxes], ways }
}

// The tasks of whose transitions only the first that holds is taken: there the order matters.
function countFirst(outline: Outline): Set<string> {
  const first = new Set((outline.tasks ?? []).filter(t => t.follow === 'first').map(t => t.name))
  const several = new Set((outline.transitions ?? []).filter(t => t.index > 0).map(t => t.from))
  return new Set([...first].filter(name => several.has(name)))
}

function leads(transition: OutlineTransition, known: Set<string>, numbered: boolean): { box?: Box; way: Way }[] {
  const { from, index, kind } = transition
  const text = labelOf(transition)
  const label = numbered ? `${index + 1}. ${text}` : text
  const way = (target: number, to: string): Way => ({
    id: `${from}:${index}:${target}`,
    source: taskId(from),
    target: to,
    kind,
    label,
    transition: { from, index, target },
  })
  const word = (word: WordKind, target: number): { box: Box; way: Way } => {
    const id = `word:${from}:${index}:${target}`
    return { box: { id, kind: 'word', word, width: wordWidth[word], height: 26 }, way: way(target, id) }
  }
  const targets = transition.to ?? []
  if (targets.length === 0) return [word('end', 0)]
  return targets.flatMap((to, at) => {
    if (to.word) return [word(to.word, at)]
    return to.task && known.has(to.task) ? [{ way: way(at, taskId(to.task)) }] : []
  })
}

// Triggers stand above the tasks that start. Several to several go through one point, so that no lines cross.
function beginnings(outline: Outline): Shape {
  const triggers = outline.triggers ?? []
  const starts = (outline.tasks ?? []).filter(t => t.start)
  if (triggers.length === 0 || starts.length === 0) return { boxes: [], ways: [] }
  const boxes: Box[] = triggers.map((trigger, i) => ({
    id: `trigger:${i}`,
    kind: 'trigger',
    trigger,
    width: Math.min(220, Math.max(110, Math.max(trigger.name.length * 7.4, (trigger.type?.length ?? 0) * 6.6) + 54)),
    height: 44,
  }))
  const through = triggers.length > 1 && starts.length > 1
  const way = (source: string, target: string): Way => ({
    id: `${source}>${target}`,
    source,
    target,
    kind: 'trigger',
    label: '',
  })
  if (!through) {
    return { boxes, ways: boxes.flatMap(b => starts.map(t => way(b.id, taskId(t.name)))) }
  }
  const start: Box = { id: 'start', kind: 'start', width: 14, height: 14 }
  const ways = [...boxes.map(b => way(b.id, start.id)), ...starts.map(t => way(start.id, taskId(t.name)))]
  return { boxes: [...boxes, start], ways }
}
