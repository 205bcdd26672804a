import { dashOf, endOf, isSeq, type PairNode, type SeqNode, type Source, type Splice, startOf } from './source'
import { entryOf, pairsOf, type Taken } from './taken'
import { inFlow } from './write'

/** One more transition: where it leads, and when. */
export interface Further {
  to: string
  taken: Taken
}

/**
 * Writes names alone, `next: b` or `next: [b, c]`, as a transition that says when it is taken (`head`), so that it can
 * say something else or have another one beside it.
 */
export function namesAsEntries(
  src: Source,
  next: PairNode,
  flow: boolean,
  head: Record<string, string | undefined>,
  further?: Further,
): Splice[] {
  const value = next.value
  const names = src.text.slice(startOf(value), endOf(value))
  const block = isSeq(value) && !value.flow
  const alone = src.text.slice(endOf(value), src.lineEnd(endOf(value))).trim() === '' && !names.includes('\n')
  if (!block && (flow || !alone)) {
    const more = further ? `, ${inFlow(entryOf(further.to, further.taken))}` : ''
    return [
      { from: startOf(value), to: startOf(value), insert: `[{${[...pairsOf(head), 'do: '].join(', ')}` },
      { from: endOf(value), to: endOf(value), insert: `}${more}]` },
    ]
  }
  if (block) return blockAsEntries(src, value as SeqNode, head, further)
  const indent = ' '.repeat(src.column(startOf(next.key)) + 2)
  const lines = [...itemLines([...pairsOf(head), `do: ${names}`], indent), ...furtherLines(further, indent)]
  const sameLine = src.lineStart(startOf(next.key)) === src.lineStart(startOf(value))
  const from = sameLine ? src.text.indexOf(':', endOf(next.key)) + 1 : src.lineStart(startOf(value))
  return [{ from, to: endOf(value), insert: (sameLine ? src.eol : '') + lines.join(src.eol) }]
}

/** The lines of an item of a block list. */
function itemLines(pairs: string[], indent: string): string[] {
  return pairs.map((pair, i) => `${indent}${i === 0 ? '- ' : '  '}${pair}`)
}

/** The lines of one more transition; none where there is none. */
export function furtherLines(further: Further | undefined, indent: string): string[] {
  return further ? itemLines(pairsOf(entryOf(further.to, further.taken)), indent) : []
}

function blockAsEntries(
  src: Source,
  seq: SeqNode,
  head: Record<string, string | undefined>,
  further?: Further,
): Splice[] {
  const dash = dashOf(seq, 0)
  const column = src.column(dash)
  const indent = ' '.repeat(column)
  const begin = src.lineStart(dash)
  const end = src.endOfBlock(seq.items[seq.items.length - 1], column)
  const lines = itemLines([...pairsOf(head), 'do:'], indent)
  const splices: Splice[] = [{ from: begin, to: begin, insert: lines.map(line => line + src.eol).join('') }]
  for (let line = begin; line <= end && line < src.text.length; line = src.nextLine(line)) {
    if (src.text.slice(line, src.lineEnd(line)).trim()) splices.push({ from: line, to: line, insert: '    ' })
    if (src.nextLine(line) > end) break
  }
  if (!further) return splices
  return [...splices, { from: end, to: end, insert: src.eol + furtherLines(further, indent).join(src.eol) }]
}
