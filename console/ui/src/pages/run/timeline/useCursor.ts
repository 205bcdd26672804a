import { type KeyboardEvent, useState } from 'react'
import type { Bar, Lane } from './gantt'

interface Keys {
  fold: (lane: Lane) => void
  open: (lane: Lane) => void
  zoom: (closer: boolean) => void
  /** A lane is gone to, by its position. */
  reach: (index: number) => void
}

/** Which bar is looked at, and the keys that go through them. */
export function useCursor(lanes: Lane[], keys: Keys) {
  const [at, setAt] = useState<{ lane: string; bar: number } | null>(null)
  const index = Math.max(
    0,
    lanes.findIndex(l => l.key === at?.lane),
  )
  const lane = at ? lanes[index] : undefined
  const bar: Bar | undefined = lane?.bars[at?.bar ?? 0]
  const row = (by: number) => {
    const next = Math.min(lanes.length - 1, Math.max(0, (at ? index : -1) + by))
    const to = lanes[next]
    if (!to) return
    setAt({ lane: to.key, bar: 0 })
    keys.reach(next)
  }
  const aside = (by: number) => {
    if (!lane) return
    if (lane.items !== undefined && lane.unfolded !== by > 0) return keys.fold(lane)
    setAt({ lane: lane.key, bar: Math.min(lane.bars.length - 1, Math.max(0, (at?.bar ?? 0) + by)) })
  }
  const pressed: Record<string, () => void> = {
    ArrowDown: () => row(1),
    ArrowUp: () => row(-1),
    ArrowRight: () => aside(1),
    ArrowLeft: () => aside(-1),
    Enter: () => lane && keys.open(lane),
    '+': () => keys.zoom(true),
    '-': () => keys.zoom(false),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.target === event.currentTarget ? pressed[event.key] : undefined
    if (!act) return
    act()
    event.preventDefault()
  }
  return { at, lane, bar, look: setAt, onKeyDown }
}
