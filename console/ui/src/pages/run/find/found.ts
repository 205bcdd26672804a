import type { Schemas } from '~/api/client'
import type { Place } from '../place'

export type Found = Schemas['InsideFound']
export type Match = Schemas['InsideMatch']

/** How many characters a text has at least that is looked for. */
export const least = 2

/** Whose part a place is in. */
export function whose({ task, instance, item }: Match): string {
  if (!task) return 'the run'
  const again = instance && instance > 1 ? `, execution ${instance}` : ''
  return `${task}${again}${item === undefined ? '' : `, item ${item}`}`
}

const parts: Partial<Record<Match['in'], string>> = { inputs: 'inputs', published: 'published', request: 'requests' }

/** Where on the run's page it is shown. */
export function goal({ in: part, task, instance, item }: Match): Partial<Place> {
  if (!task) return { tab: part === 'error' ? 'overview' : 'data' }
  return {
    tab: 'overview',
    task,
    instance: String(instance ?? ''),
    item: item === undefined ? '' : String(item),
    part: parts[part] ?? 'result',
  }
}

export function counted({ matches, more }: Found): string {
  const n = matches?.length ?? 0
  if (n === 0) return 'It stands nowhere in this run.'
  if (more) return `These are the first ${n} places; a longer text finds fewer.`
  return n === 1 ? 'One place.' : `${n} places.`
}
