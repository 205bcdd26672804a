import { furtherLines, namesAsEntries } from './entries'
import { addItem, addPair, removeItem, removePair, setPair } from './places'
import {
  applied,
  endOf,
  isMap,
  isNothing,
  isScalar,
  isSeq,
  type MapNode,
  type PairNode,
  pairOf,
  type SeqNode,
  Source,
  type Splice,
  startOf,
} from './source'
import { bare, entryOf, labelOf, type Taken, whenOf } from './taken'
import { inFlow } from './write'

/** Has a task lead to another one, or to a word such as noop. */
export function connect(text: string, from: string, to: string, taken: Taken): string {
  const src = new Source(text)
  const task = src.at(['tasks', from])
  if (!task || (!isMap(task.value) && !isNothing(task.value))) return text
  const flow = isMap(task.value) && task.value.flow === true
  const next = src.at(['tasks', from, 'next'])
  const short = taken.kind === 'success' && !labelOf(taken)
  if (isNothing(task.value))
    return applied(text, setPair(src, task, { next: short ? to : [entryOf(to, taken)] }, false))
  if (!next) return applied(text, addPair(src, task.value as MapNode, 'next', short ? to : [entryOf(to, taken)]))
  return applied(text, further(src, next, flow, to, taken, short))
}

// Names alone mean this. It is written out, so that another condition can stand beside it.
const succeeded = { when: 'succeeded' }

function further(src: Source, next: PairNode, flow: boolean, to: string, taken: Taken, short: boolean): Splice[] {
  const value = next.value
  if (isNothing(value) || (isSeq(value) && value.items.length === 0)) {
    return setPair(src, next, short ? to : [entryOf(to, taken)], flow)
  }
  if (isScalar(value)) {
    if (short) return value.value === to ? [] : listed(value, to)
    return namesAsEntries(src, next, flow, succeeded, { to, taken })
  }
  if (isMap(value)) return besideMap(src, next, value as MapNode, flow, to, taken)
  if (!isSeq(value)) return []
  const seq = value as SeqNode
  if (seq.items.every(isScalar)) {
    if (!short) return namesAsEntries(src, next, flow, succeeded, { to, taken })
    return has(seq, to) ? [] : addItem(src, seq, to)
  }
  const entry = seq.items.find(item => isMap(item) && fits(item as MapNode, taken))
  if (entry) return intoDo(src, entry as MapNode, to)
  return addItem(src, seq, entryOf(to, taken), isMap(seq.items.at(-1)) && (seq.items.at(-1) as MapNode).flow === true)
}

// `b` becomes `[b, to]`.
function listed(node: unknown, to: string): Splice[] {
  return [
    { from: startOf(node), to: startOf(node), insert: '[' },
    { from: endOf(node), to: endOf(node), insert: `, ${inFlow(to)}]` },
  ]
}

function has(seq: SeqNode, name: string): boolean {
  return seq.items.some(item => isScalar(item) && item.value === name)
}

// One transition that is no list: it becomes one where another comes beside it.
function besideMap(src: Source, next: PairNode, map: MapNode, flow: boolean, to: string, taken: Taken): Splice[] {
  if (fits(map, taken)) return intoDo(src, map, to)
  if (map.flow || flow) {
    return [
      { from: startOf(map), to: startOf(map), insert: '[' },
      { from: endOf(map), to: endOf(map), insert: `, ${inFlow(entryOf(to, taken))}]` },
    ]
  }
  const start = startOf(map.items[0])
  const column = src.column(start)
  const end = src.endOfBlock(next, src.column(startOf(next.key)))
  const splices: Splice[] = [{ from: start, to: start, insert: '- ' }]
  for (let line = src.nextLine(start); line <= end && line < src.text.length; line = src.nextLine(line)) {
    if (src.text.slice(line, src.lineEnd(line)).trim()) splices.push({ from: line, to: line, insert: '  ' })
    if (src.nextLine(line) > end) break
  }
  return [
    ...splices,
    { from: end, to: end, insert: src.eol + furtherLines({ to, taken }, ' '.repeat(column)).join(src.eol) },
  ]
}

// Whether a transition is taken at the same time, so that it can lead on to one more task.
function fits(entry: MapNode, taken: Taken): boolean {
  const label = labelOf(taken)
  if (label && label !== plain(entry, 'label')) return false
  const when = plain(entry, 'when')
  return (when === undefined ? undefined : bare(when)) === whenOf(taken)
}

function plain(map: MapNode, key: string): string | undefined {
  const value = pairOf(map, key)?.value
  return isScalar(value) ? String(value.value) : undefined
}

function intoDo(src: Source, entry: MapNode, to: string): Splice[] {
  const pair = pairOf(entry, 'do')
  if (!pair) return addPair(src, entry, 'do', to)
  if (isNothing(pair.value)) return setPair(src, pair, to, entry.flow === true)
  if (isSeq(pair.value)) return has(pair.value as SeqNode, to) ? [] : addItem(src, pair.value as SeqNode, to)
  return isScalar(pair.value) && pair.value.value === to ? [] : listed(pair.value, to)
}

/**
 * Takes a way away: from a task, by its transition's index, to a task or word. Without a target, and where it is the
 * last one of a transition that publishes nothing, the whole transition goes.
 */
export function disconnect(text: string, from: string, index: number, target?: string): string {
  const src = new Source(text)
  const next = src.at(['tasks', from, 'next'])
  const task = src.at(['tasks', from])?.value
  if (!next || !isMap(task)) return text
  const all = () => withoutNext(src, task as MapNode, next)
  const value = next.value
  if (isScalar(value)) return all()
  if (isMap(value))
    return applied(text, withoutTarget(src, value as MapNode, target) ?? removal(src, task as MapNode, next))
  if (!isSeq(value)) return text
  const seq = value as SeqNode
  if (seq.items.every(isScalar)) {
    const at = seq.items.findIndex(item => isScalar(item) && item.value === target)
    if (target === undefined || seq.items.length === 1) return all()
    return at < 0 ? text : applied(text, removeItem(src, seq, at))
  }
  const at = seq.items[index]
  if (!at) return text
  const less = isMap(at) ? withoutTarget(src, at as MapNode, target) : null
  if (less) return applied(text, less)
  return seq.items.length === 1 ? all() : applied(text, removeItem(src, seq, index))
}

function withoutNext(src: Source, task: MapNode, next: PairNode): string {
  return applied(src.text, removal(src, task, next))
}

// A task of nothing but `next` stays a task.
function removal(src: Source, task: MapNode, next: PairNode): Splice[] {
  if (task.items.length > 1 || task.flow) return removePair(src, task, next)
  return [{ from: startOf(next), to: endOf(next), insert: '{}' }]
}

// null: the whole transition is to go.
function withoutTarget(src: Source, entry: MapNode, target?: string): Splice[] | null {
  const pair = pairOf(entry, 'do')
  if (target === undefined || !pair) return null
  if (isSeq(pair.value) && pair.value.items.length > 1) {
    const at = pair.value.items.findIndex(item => isScalar(item) && item.value === target)
    return at < 0 ? [] : removeItem(src, pair.value as SeqNode, at)
  }
  return pairOf(entry, 'publish') ? removePair(src, entry, pair) : null
}
