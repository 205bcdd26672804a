import { namesAsEntries } from './entries'
import { addPair, removePair, setPair } from './places'
import {
  applied,
  endOf,
  isMap,
  isNothing,
  isScalar,
  isSeq,
  type MapNode,
  pairOf,
  type SeqNode,
  Source,
  type Splice,
  startOf,
} from './source'
import { bare, labelOf, type Taken, whenOf } from './taken'
import { pairInBlock, pairInFlow } from './write'

/** Changes when a task's transition is taken, and its label. Everything else of it stays as it is written. */
export function changeWay(text: string, from: string, index: number, taken: Taken): string {
  const src = new Source(text)
  const value = src.at(['tasks', from, 'next'])?.value
  if (isNothing(value)) return text
  if (isScalar(value) || (isSeq(value) && value.items.every(isScalar))) return changeNames(src, from, taken)
  const labelled = setKey(text, from, index, 'label', labelOf(taken))
  return setKey(labelled, from, index, 'when', whenOf(taken))
}

// Names alone are taken after success.
function changeNames(src: Source, from: string, taken: Taken): string {
  const task = src.at(['tasks', from])?.value
  const next = src.at(['tasks', from, 'next'])
  const label = labelOf(taken)
  const empty = isSeq(next?.value) && next.value.items.length === 0
  if (!next || !isMap(task) || empty || (taken.kind === 'success' && !label)) return src.text
  return applied(src.text, namesAsEntries(src, next, task.flow === true, { when: whenOf(taken), label }))
}

function entryIn(src: Source, from: string, index: number): MapNode | null {
  const value = src.at(['tasks', from, 'next'])?.value
  const entry = isSeq(value) ? (value as SeqNode).items[index] : value
  return isMap(entry) ? (entry as MapNode) : null
}

function setKey(text: string, from: string, index: number, key: 'when' | 'label', value: string | undefined): string {
  const src = new Source(text)
  const entry = entryIn(src, from, index)
  if (!entry) return text
  const pair = pairOf(entry, key)
  if (!pair) return value === undefined ? text : applied(text, added(src, entry, key, value))
  if (value === undefined) return applied(text, removed(src, entry, pair))
  const now = isScalar(pair.value) ? String(pair.value.value) : ''
  if (now === value || (key === 'when' && bare(now) === value)) return text
  return applied(text, setPair(src, pair, value, entry.flow === true))
}

// A condition is read first; a label behind it.
function added(src: Source, entry: MapNode, key: 'when' | 'label', value: string): Splice[] {
  const when = key === 'label' ? pairOf(entry, 'when') : undefined
  const [first] = entry.items
  if (when || !first) return addPair(src, entry, key, value, when)
  const at = startOf(first)
  if (entry.flow) return [{ from: at, to: at, insert: `${pairInFlow(key, value)}, ` }]
  const column = src.column(at)
  const line = pairInBlock(key, value, column, src.eol)
  return [{ from: at, to: at, insert: `${line}${src.eol}${' '.repeat(column)}` }]
}

function removed(src: Source, entry: MapNode, pair: MapNode['items'][number]): Splice[] {
  if (entry.items.length > 1) return removePair(src, entry, pair)
  return [{ from: startOf(entry), to: endOf(entry), insert: '{}' }]
}
