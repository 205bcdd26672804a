import {
  dashOf,
  endOf,
  isNothing,
  type MapNode,
  type PairNode,
  type SeqNode,
  type Source,
  type Splice,
  startOf,
} from './source'
import { inFlow, itemInBlock, pairInBlock, pairInFlow } from './write'

/** How far in the keys of a map that is not written yet stand below its own key. */
const step = 2

/** Adds a key to a map: behind another key of it, or at its end. */
export function addPair(
  src: Source,
  map: MapNode,
  key: string,
  value: unknown,
  after?: PairNode,
  blank = false,
): Splice[] {
  const last = after ?? map.items[map.items.length - 1]
  if (map.flow || !last) {
    const text = pairInFlow(key, value)
    if (!last) return [{ from: startOf(map) + 1, to: startOf(map) + 1, insert: text }]
    return [{ from: endOf(last), to: endOf(last), insert: `, ${text}` }]
  }
  const column = src.column(startOf(map.items[0]))
  return [addLines(src, last, column, pairInBlock(key, value, column, src.eol), blank)]
}

/** Adds lines behind an entry of a block collection that stands at a column. */
function addLines(src: Source, entry: unknown, column: number, text: string, blank = false): Splice {
  const end = src.endOfBlock(entry, column)
  return { from: end, to: end, insert: `${src.eol}${blank ? src.eol : ''}${' '.repeat(column)}${text}` }
}

/** Writes a value where a pair has none, or something else. */
export function setPair(src: Source, pair: PairNode, value: unknown, withinFlow: boolean): Splice[] {
  const key = String((pair.key as { value: unknown }).value)
  const nothing = isNothing(pair.value)
  if (withinFlow) {
    if (nothing) return [{ from: endOf(pair), to: endOf(pair), insert: ` ${inFlow(value)}` }]
    return [{ from: startOf(pair.value), to: endOf(pair.value), insert: inFlow(value) }]
  }
  const column = src.column(startOf(pair.key))
  const written = pairInBlock(key, value, column, src.eol)
  const text = written.slice(pairInBlock(key, null, 0, '\n').indexOf(':') + 1)
  if (nothing) {
    // A comment behind the key stays on its line.
    const end = text.startsWith(src.eol) ? src.lineEnd(endOf(pair)) : endOf(pair)
    return [{ from: end, to: end, insert: text }]
  }
  return replaceValue(src, pair, text, column)
}

function replaceValue(src: Source, pair: PairNode, text: string, column: number): Splice[] {
  const from = startOf(pair.value)
  let to = endOf(pair.value)
  if (src.text[to - 1] === '\n') to = src.lineEnd(Math.max(from, to - 2))
  const sameLine = src.lineStart(startOf(pair.key)) === src.lineStart(from)
  const many = text.includes('\n')
  if (sameLine && !many) return [{ from, to, insert: text.trimStart() }]
  if (sameLine && /^ ?[|>]/.test(text)) {
    const rest = src.text.slice(to, src.lineEnd(to))
    const [first = '', ...lines] = text.trimStart().split(src.eol)
    return [
      { from, to: src.lineEnd(to), insert: [first + (rest.trim() ? ` ${rest.trim()}` : ''), ...lines].join(src.eol) },
    ]
  }
  if (sameLine) {
    // Lines go below the key's line; a comment that stands behind the old value stays there.
    const rest = src.text.slice(to, src.lineEnd(to)).trimStart()
    const begin = rest ? from : src.text.indexOf(':', endOf(pair.key)) + 1
    return [{ from: begin, to: src.lineEnd(to), insert: rest + text }]
  }
  const behind = src.text.indexOf(':', endOf(pair.key)) + 1
  if (many) return [manyLines(src, from, to, text, column)]
  if (behind > 0 && src.text.slice(behind, from).trim() === '') return [{ from: behind, to, insert: text }]
  return [{ from: src.lineStart(from), to, insert: ' '.repeat(column + step) + text.trimStart() }]
}

/** Writes several lines in the place of a value that stood below its key. A comment behind the old value stays in front. */
function manyLines(src: Source, from: number, to: number, text: string, column: number): Splice {
  const rest = src.text.slice(to, src.lineEnd(to)).trim()
  const space = ' '.repeat(column + step)
  const [first = '', ...lines] = text.startsWith(src.eol) ? ['', text.slice(src.eol.length)] : text.split(src.eol)
  const begun = first.trim() ? [`${space}${first.trim()}${rest ? ` ${rest}` : ''}`] : rest ? [`${space}${rest}`] : []
  return { from: src.lineStart(from), to: src.lineEnd(to), insert: [...begun, ...lines].join(src.eol) }
}

/** Removes a key of a map that has others. */
export function removePair(src: Source, map: MapNode, pair: PairNode, above = false): Splice[] {
  const index = map.items.indexOf(pair)
  if (map.flow) return removeInFlow(map.items, index)
  const from = startOf(pair)
  const column = src.column(startOf(map.items[0]))
  const first = src.text.slice(src.lineStart(from), from).trim() !== ''
  const next = map.items[index + 1]
  // The first key of a list's item shares its line with the dash.
  if (first && next) return [{ from, to: startOf(next), insert: '' }]
  return removeLines(src, above ? commentsAbove(src, from, column) : src.lineStart(from), src.endOfBlock(pair, column))
}

function removeLines(src: Source, from: number, end: number): Splice[] {
  const to = src.nextLine(end)
  // The last line of a text that has no line end takes that of the line before with it.
  if (to === src.text.length && !src.text.endsWith('\n')) {
    const before = src.lineEnd(Math.max(0, from - (src.eol.length + 1)))
    return [{ from: Math.min(from, Math.max(before, 0)), to, insert: '' }]
  }
  return [{ from, to, insert: '' }]
}

// The comment that stands right above a key is about it.
function commentsAbove(src: Source, at: number, column: number): number {
  let from = src.lineStart(at)
  while (from > 0) {
    const before = src.lineStart(from - 1)
    const line = src.text.slice(before, from)
    if (line.search(/\S/) !== column || line.trim()[0] !== '#') break
    from = before
  }
  return from
}

function removeInFlow(items: unknown[], index: number): Splice[] {
  const before = items[index - 1]
  const next = items[index + 1]
  if (before) return [{ from: endOf(before), to: endOf(items[index]), insert: '' }]
  if (next) return [{ from: startOf(items[index]), to: startOf(next), insert: '' }]
  return [{ from: startOf(items[index]), to: endOf(items[index]), insert: '' }]
}

/** Adds an item to the end of a list. `flow`: it is written on one line. */
export function addItem(src: Source, seq: SeqNode, value: unknown, flow = false): Splice[] {
  const last = seq.items[seq.items.length - 1]
  if (seq.flow || !last) {
    if (!last) return [{ from: startOf(seq) + 1, to: startOf(seq) + 1, insert: inFlow(value) }]
    return [{ from: endOf(last), to: endOf(last), insert: `, ${inFlow(value)}` }]
  }
  const column = src.column(dashOf(seq, 0))
  const text = flow ? `- ${inFlow(value)}` : itemInBlock(value, column, src.eol)
  return [addLines(src, last, column, text)]
}

/** Removes an item of a list that has others. */
export function removeItem(src: Source, seq: SeqNode, index: number): Splice[] {
  if (seq.flow) return removeInFlow(seq.items, index)
  const dash = dashOf(seq, index)
  return removeLines(src, src.lineStart(dash), src.endOfBlock(seq.items[index], src.column(dash)))
}
