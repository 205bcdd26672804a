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

/** Switches off all triggers that fire by themselves; those of type always_pass are fired by hand. */
export function switchOff(text: string): string {
  const src = new Source(text)
  const splices = triggersOf(src).flatMap(map => {
    const pair = pairOf(map, 'enabled')
    if (valueOf(map, 'type') === 'always_pass' || (pair && isScalar(pair.value) && pair.value.value === false))
      return []
    return pair ? setPair(src, pair, false, map.flow === true) : addPair(src, map, 'enabled', false, lastOf(map))
  })
  return applied(text, splices)
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
  return triggersOf(src).find(map => valueOf(map, 'name') === name)
}

function triggersOf(src: Source): MapNode[] {
  const list = src.at(['triggers'])?.value
  return isSeq(list) ? list.items.filter((item): item is MapNode => isMap(item)) : []
}

/** What a scalar of a trigger says; undefined: there is none. */
function valueOf(map: MapNode, key: string): string | undefined {
  const value = pairOf(map, key)?.value
  return isScalar(value) ? String(value.value) : undefined
}

function lastOf(map: MapNode): PairNode | undefined {
  return before.flatMap(key => pairOf(map, key) ?? []).at(-1)
}
