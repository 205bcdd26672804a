import { addPair, setPair } from './places'
import { applied, isMap, isScalar, isSeq, type MapNode, type PairNode, pairOf, Source, startOf } from './source'

// What a condition stands behind where there is none yet: it is read after what the trigger is, before what it gives.
const before = ['name', 'type', 'enabled', 'verify']

/** Sets the condition of a trigger, without braces. A text without such a trigger stays as it is. */
export function setWhen(text: string, trigger: string, when: string): string {
  const src = new Source(text)
  const map = triggerOf(src, trigger)
  if (!map) return text
  const pair = pairOf(map, 'when')
  if (!pair) return applied(text, addPair(src, map, 'when', when, lastOf(map)))
  if (isScalar(pair.value) && pair.value.value === when) return text
  return applied(text, setPair(src, pair, when, map.flow === true))
}

/** The line of a trigger's condition, or of the trigger where it has none, from 1; null: there is no such trigger. */
export function lineOfWhen(text: string, trigger: string): number | null {
  const src = new Source(text)
  const map = triggerOf(src, trigger)
  if (!map) return null
  const at = startOf(pairOf(map, 'when') ?? map)
  return src.text.slice(0, at).split('\n').length
}

function triggerOf(src: Source, name: string): MapNode | undefined {
  const list = src.at(['triggers'])?.value
  if (!isSeq(list)) return undefined
  return list.items.find((item): item is MapNode => {
    const called = isMap(item) ? pairOf(item as MapNode, 'name')?.value : undefined
    return isScalar(called) && String(called.value) === name
  })
}

function lastOf(map: MapNode): PairNode | undefined {
  return before.flatMap(key => pairOf(map, key) ?? []).at(-1)
}
