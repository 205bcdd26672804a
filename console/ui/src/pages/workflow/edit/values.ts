import { addItem, addPair, removeItem, removePair, setPair } from './places'
import {
  applied,
  endOf,
  isMap,
  isNothing,
  isSeq,
  type MapNode,
  pairOf,
  type SeqNode,
  Source,
  type Splice,
  startOf,
} from './source'
import { inFlow } from './write'

/** Sets what stands at a path of keys, such as ['tasks', 'note', 'with', 'text']; undefined removes it. */
export function setIn(text: string, path: string[], value: unknown): string {
  const src = new Source(text)
  if (!src.root) {
    if (value === undefined || !isNothing(src.doc.contents)) return text
    const begun = text === '' || text.endsWith('\n') ? text : text + src.eol
    const started = `${begun}${keyLine(path)}${src.eol}`
    // What cannot be read does not become a map by a key below it.
    return new Source(started).root ? setIn(started, path, value) : text
  }
  if (value === undefined) return remove(src, path)
  return applied(text, set(src, src.root, path, value))
}

const keyLine = (path: string[]) => `${inFlow(path[0])}:`

function set(src: Source, map: MapNode, path: string[], value: unknown): Splice[] {
  const [key = '', ...rest] = path
  const pair = pairOf(map, key)
  const wanted = rest.reduceRight<unknown>((inner, k) => ({ [k]: inner }), value)
  if (!pair) return addPair(src, map, key, wanted)
  if (rest.length > 0 && isMap(pair.value)) return set(src, pair.value as MapNode, rest, value)
  if (rest.length > 0) return setPair(src, pair, wanted, map.flow === true)
  return differing(src, map, pair.value, value) ?? setPair(src, pair, value, map.flow === true)
}

// What is the same stays as it is written; of maps and lists only what differs is changed. null: write all of it.
function differing(src: Source, within: MapNode, node: unknown, value: unknown): Splice[] | null {
  const now = (node as { toJS?: (doc: unknown) => unknown } | null)?.toJS?.(src.doc)
  if (same(now, value)) return []
  if (isMap(node) && isPlain(value)) return inMap(src, node as MapNode, value)
  if (isSeq(node) && Array.isArray(value)) return inList(src, within, node as SeqNode, value)
  return null
}

function inMap(src: Source, map: MapNode, value: Record<string, unknown>): Splice[] | null {
  const kept = map.items.filter(p => String((p.key as { value: unknown }).value) in value)
  if (kept.length === 0) return null
  const gone = map.items.filter(p => !kept.includes(p))
  // Several that go or come at one place would touch each other: then all of it is written anew.
  if (gone.length > 1 || (gone.length > 0 && Object.keys(value).length > kept.length)) return null
  const splices = gone.flatMap(p => removePair(src, map, p))
  for (const [key, v] of Object.entries(value)) splices.push(...set(src, map, [key], v))
  return splices
}

function inList(src: Source, within: MapNode, seq: SeqNode, value: unknown[]): Splice[] | null {
  const items = seq.items.map(i => (i as { toJS: (doc: unknown) => unknown }).toJS(src.doc))
  if (value.length === items.length + 1 && items.length > 0 && same(items, value.slice(0, -1))) {
    return addItem(src, seq, value[value.length - 1])
  }
  if (value.length === items.length - 1 && value.length > 0) {
    const index = items.findIndex((v, i) => !same(v, value[i]))
    if (same([...items.slice(0, index), ...items.slice(index + 1)], value)) return removeItem(src, seq, index)
    return null
  }
  if (value.length !== items.length) return null
  const splices: Splice[] = []
  for (const [i, item] of seq.items.entries()) {
    const inner = differing(src, within, item, value[i])
    if (inner) splices.push(...inner)
    else if (
      isMap(item) ||
      isSeq(item) ||
      isLine(value[i]) === false ||
      src.text.slice(startOf(item), endOf(item)).includes('\n')
    )
      return null
    else splices.push({ from: startOf(item), to: endOf(item), insert: inFlow(value[i]) })
  }
  return splices
}

const isLine = (value: unknown) => typeof value !== 'object' && !String(value).includes('\n')

function remove(src: Source, path: string[]): string {
  const pair = src.at(path)
  if (!pair) return src.text
  const above = path.slice(0, -1)
  const map = above.length === 0 ? src.root : (src.at(above)?.value as MapNode)
  if (!map) return src.text
  // A map without keys is of no use; the whole file's stays.
  if (map.items.length === 1 && above.length > 1) return remove(src, above)
  return applied(src.text, removePair(src, map, pair))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether two values say the same; the order of keys does not matter. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => same(v, b[i]))
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(k => k in b && same(a[k], b[k]))
}
