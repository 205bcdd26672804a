import type { Schemas } from '~/api/client'
import type { Timeline } from '../timeline/gantt'

// The items of a for_each, as the timeline tells of them.

export interface Item {
  item: number
  status: string
  attempts: number
  startedAt: string
  finishedAt?: string
  error?: Schemas['FaultError']
  /** Of a sub-workflow: its run. */
  run?: string
}

export const kinds = ['all', 'failed', 'under way', 'succeeded'] as const

/** The items of one execution that have begun, by their position, each as its last attempt stands. */
export function itemsOf(timeline: Timeline, exec: number): Item[] {
  const items = new Map<number, Item>()
  for (const a of timeline.attempts ?? []) {
    if (a.exec !== exec || a.item === undefined) continue
    items.set(a.item, {
      ...{ item: a.item, status: a.status, attempts: a.attempt, finishedAt: a.finished_at, error: a.error, run: a.run },
      startedAt: items.get(a.item)?.startedAt ?? a.started_at,
    })
  }
  return [...items.values()].sort((a, b) => a.item - b.item)
}

/** Those of a kind whose number or error has a text in it. */
export function fitting(items: Item[], kind: string, search: string): Item[] {
  const text = search.trim().toLowerCase()
  return items.filter(
    i =>
      (kind === 'all' || kindOf(i.status) === kind) &&
      (text === '' || String(i.item) === text || (i.error?.message ?? '').toLowerCase().includes(text)),
  )
}

function kindOf(status: string): string {
  if (status === 'succeeded') return 'succeeded'
  return ['running', 'waiting', 'queued'].includes(status) ? 'under way' : 'failed'
}
