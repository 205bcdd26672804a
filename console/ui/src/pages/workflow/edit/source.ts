import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'

// Edits of a workflow's text replace only what they are about: everything else stays as it is, byte for byte.

/** Replaces what stands from one place up to another. */
export interface Splice {
  from: number
  to: number
  insert: string
}

export type MapNode = YAMLMap<unknown, unknown>
export type SeqNode = YAMLSeq<unknown>
export type PairNode = Pair<unknown, unknown>

/** The text with all splices done, which do not overlap. Of those at the same place the first stands first. */
export function applied(text: string, splices: Splice[]): string {
  const ordered = splices.map((s, i) => ({ ...s, i })).sort((a, b) => a.from - b.from || a.i - b.i)
  let done = 0
  let made = ''
  for (const s of ordered) {
    made += text.slice(done, s.from) + s.insert
    done = s.to
  }
  return made + text.slice(done)
}

/** A text that was read, and where things stand in it. */
export class Source {
  readonly doc: Document.Parsed
  readonly eol: string
  readonly text: string

  constructor(text: string) {
    this.text = text
    this.doc = parseDocument(text, { keepSourceTokens: true, strict: false, uniqueKeys: false, logLevel: 'silent' })
    this.eol = text.includes('\r\n') ? '\r\n' : '\n'
  }

  /** The map of the whole file; null: it is none. */
  get root(): MapNode | null {
    return isMap(this.doc.contents) ? (this.doc.contents as MapNode) : null
  }

  /** What stands at a path of keys; undefined: nothing. */
  at(path: string[]): PairNode | undefined {
    let map: unknown = this.root
    let pair: PairNode | undefined
    for (const key of path) {
      pair = isMap(map) ? pairOf(map as MapNode, key) : undefined
      if (!pair) return undefined
      map = pair.value
    }
    return pair
  }

  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1
  }

  /** The end of the line, before what ends it. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset)
    if (end < 0) return this.text.length
    return this.text[end - 1] === '\r' && end - 1 >= offset ? end - 1 : end
  }

  /** Where the next line begins, or the end of the text. */
  nextLine(offset: number): number {
    const end = this.text.indexOf('\n', offset)
    return end < 0 ? this.text.length : end + 1
  }

  column(offset: number): number {
    return offset - this.lineStart(offset)
  }

  /**
   * The end of the lines of an entry of a block collection that stands at a column, with the comments that are written
   * below it further in. It is the end of a line, before what ends it; the text's own end where that is reached.
   */
  endOfBlock(entry: unknown, column: number): number {
    const content = endOf(entry)
    // Texts written with | and > end behind the end of their last line.
    const behind = content > 0 && this.text[content - 1] === '\n'
    let end = behind ? content - (this.text[content - 2] === '\r' ? 2 : 1) : this.lineEnd(content)
    for (let next = this.nextLine(end); next < this.text.length; next = this.nextLine(next)) {
      const line = this.text.slice(next, this.lineEnd(next))
      const indent = line.search(/\S/)
      if (indent < 0) continue
      if (line[indent] !== '#' || indent <= column) break
      end = this.lineEnd(next)
    }
    return end
  }
}

export function pairOf(map: MapNode, key: string): PairNode | undefined {
  return map.items.find(p => keyOf(p) === key)
}

export function keyOf(pair: PairNode): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key)
}

export function startOf(node: unknown): number {
  if (isPair(node)) return startOf(node.key)
  return (node as Node).range?.[0] ?? 0
}

/** Where what is written of a node ends, without comments behind it. */
export function endOf(node: unknown): number {
  if (isPair(node)) {
    const value = node.value as Node | null
    return value && !isNothing(value) ? endOf(value) : colonOf(node)
  }
  if (isCollection(node) && !node.flow && node.items.length > 0) return endOf(node.items[node.items.length - 1])
  return (node as Node).range?.[1] ?? 0
}

/** Whether nothing is written there. */
export function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null && node.source === '')
}

/** Behind the colon of a pair of which only the key is written. */
function colonOf(pair: PairNode): number {
  const separators = (pair.srcToken as { sep?: { type: string; offset: number; source: string }[] } | undefined)?.sep
  const colon = separators?.find(t => t.type === 'map-value-ind')
  return colon ? colon.offset + colon.source.length : ((pair.key as Scalar).range?.[1] ?? 0)
}

/** Where the dash of an item of a block list stands. */
export function dashOf(seq: SeqNode, index: number): number {
  const tokens = (seq.srcToken as { items?: { start: { type: string; offset: number }[] }[] } | undefined)?.items
  const dash = tokens?.[index]?.start.find(t => t.type === 'seq-item-ind')
  return dash?.offset ?? startOf(seq.items[index])
}

export { isAlias, isCollection, isMap, isPair, isScalar, isSeq }
