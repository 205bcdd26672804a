import type { Schemas } from '~/api/client'
import type { Execution } from '../steps'

// A run's timeline as lanes of bars. All of it is pure: times are milliseconds, the present comes in.

export type Timeline = Schemas['InsideTimeline']

export interface Bar {
  from: number
  until: number
  /** It is not over: it ends with the present. */
  open: boolean
  /** How an attempt ended or stands; of a wait, what it is for. */
  kind: string
  wait: boolean
  attempt?: number
  error?: Schemas['FaultError']
  run?: string
  by?: string
  /** While a wait is not over: when it ends by itself. */
  ends?: number
}

export interface Lane {
  key: string
  task: string
  instance: number
  exec: number
  item?: number
  bars: Bar[]
  /** Of a folded for_each: how many items there are, and how many ended otherwise than well. */
  items?: number
  failed?: number
  unfolded?: boolean
}

interface Group {
  task: string
  instance: number
  exec: number
  own: Bar[]
  items: Map<number, Bar[]>
}

/**
 * The lanes of a timeline, in the order in which the executions began; of those unfolded, one for each item, too. Where a
 * timeline does not tell everything, the executions that it leaves out have one bar each, as the run knows them.
 */
export function lanesOf(
  timeline: Timeline,
  now: number,
  unfolded: ReadonlySet<number>,
  executions: Execution[] = [],
): Lane[] {
  const groups = groupsOf(timeline, now)
  const told = [...groups.values()].flatMap(g => lanesOfGroup(g, unfolded))
  if (!timeline.more) return told
  const partly = new Map(executions.filter(e => e.items).map(e => [e.exec, e]))
  const rest = executions.filter(e => e.startedAt && !groups.has(e.exec))
  return [
    ...told.map(lane => (lane.items === undefined ? lane : wholeOf(lane, partly.get(lane.exec), now))),
    ...rest.map(e => ({
      ...{ key: String(e.exec), task: e.name, instance: e.instance, exec: e.exec },
      bars: [barOf(e, now)],
    })),
  ]
}

/** A folded for_each as the run knows it: how many items it has, and from when until when. */
function wholeOf(lane: Lane, e: Execution | undefined, now: number): Lane {
  if (!e?.items || e.items.all <= (lane.items ?? 0)) return lane
  return { ...lane, items: e.items.all, failed: e.items.failed, bars: [barOf(e, now)] }
}

function barOf(e: Execution, now: number): Bar {
  const kind = e.items && e.items.failed > 0 ? 'failed' : e.status
  const until = e.finishedAt ? millis(e.finishedAt) : now
  return { from: millis(e.startedAt ?? ''), until, open: !e.finishedAt, kind, wait: false, run: e.subrun }
}

function lanesOfGroup(g: Group, unfolded: ReadonlySet<number>): Lane[] {
  const lane = { task: g.task, instance: g.instance, exec: g.exec }
  if (g.items.size === 0) return [{ ...lane, key: String(g.exec), bars: g.own }]
  const open = unfolded.has(g.exec)
  const items = [...g.items].sort(([a], [b]) => a - b)
  const failed = items.filter(([, bars]) => endedBadly(bars)).length
  const all = items.flatMap(([, bars]) => bars)
  const whole = {
    ...{ ...lane, key: String(g.exec), items: items.length, failed, unfolded: open },
    bars: [together(all, failed)],
  }
  if (!open) return [whole]
  return [whole, ...items.map(([item, bars]) => ({ ...lane, key: `${g.exec}.${item}`, item, bars }))]
}

function groupsOf(timeline: Timeline, now: number): Map<number, Group> {
  const groups = new Map<number, Group>()
  const add = (of: { task: string; instance: number; exec: number; item?: number }, bar: Bar) => {
    let group = groups.get(of.exec)
    if (!group) {
      group = { task: of.task, instance: of.instance, exec: of.exec, own: [], items: new Map() }
      groups.set(of.exec, group)
    }
    if (of.item === undefined) group.own.push(bar)
    else group.items.set(of.item, [...(group.items.get(of.item) ?? []), bar])
  }
  for (const a of timeline.attempts ?? []) {
    const until = a.finished_at ? millis(a.finished_at) : now
    const bar = { from: millis(a.started_at), until, open: !a.finished_at, kind: a.status, wait: false }
    add(a, { ...bar, attempt: a.attempt, error: a.error, run: a.run })
  }
  for (const w of timeline.waits ?? []) {
    const ends = w.until ? millis(w.until) : undefined
    const from = millis(w.from)
    const until = w.over && ends !== undefined ? ends : Math.max(now, from)
    const wait = { from, until, open: !w.over, kind: w.kind, wait: true, run: w.run, by: w.by }
    add(w, { ...wait, ends: w.over ? undefined : ends })
  }
  for (const g of groups.values()) {
    for (const bars of [g.own, ...g.items.values()]) bars.sort((a, b) => a.from - b.from)
  }
  return groups
}

function endedBadly(bars: Bar[]): boolean {
  const last = bars.findLast(b => !b.wait)
  return last !== undefined && ['failed', 'timed_out', 'unknown', 'cancelled'].includes(last.kind)
}

// One bar for all items of a for_each.
function together(bars: Bar[], failed: number): Bar {
  const from = bars.reduce((least, b) => Math.min(least, b.from), Number.POSITIVE_INFINITY)
  const until = bars.reduce((most, b) => Math.max(most, b.until), 0)
  const open = bars.some(b => b.open)
  return { from, until, open, kind: open ? 'running' : failed > 0 ? 'failed' : 'succeeded', wait: false }
}

/** A time in milliseconds, with the parts of one that Date forgets. */
export function millis(at: string): number {
  const parts = /\.(\d{3})(\d+)/.exec(at)
  return Date.parse(at) + (parts ? Number(`0.${parts[2]}`) : 0)
}

/** From when until when something happened; at least a hundredth of a millisecond. */
export function extentOf(lanes: Lane[], from: number, until: number): [number, number] {
  let [first, last] = [from, until]
  for (const lane of lanes) {
    for (const bar of lane.bars) {
      if (bar.from < first) first = bar.from
      if (bar.until > last) last = bar.until
    }
  }
  return [first, Math.max(last, first + 0.01)]
}

/** A stretch in which nothing worked and something waited: it can be drawn short. */
export interface Idle {
  from: number
  until: number
}

/** The long stretches in which no attempt was at work. A sub-workflow's run counts as work, an open question does not. */
export function idlesOf(lanes: Lane[], [from, until]: [number, number], least = 0.15): Idle[] {
  const busy = lanes
    .flatMap(l => (l.items !== undefined && l.unfolded ? [] : l.bars.flatMap(b => working(b, l.bars))))
    .sort((a, b) => a.from - b.from)
  const idles: Idle[] = []
  let at = from
  for (const b of [...busy, { from: until, until }]) {
    if (b.from - at > (until - from) * least && b.from - at > 5000) idles.push({ from: at, until: b.from })
    at = Math.max(at, b.until)
  }
  return idles
}

// Where an attempt worked: without the waits that lie within it.
function working(bar: Bar, bars: Bar[]): Idle[] {
  if (bar.wait) return []
  const waits = bars.filter(w => w.wait && w.kind !== 'sub_run' && w.from < bar.until && w.until > bar.from)
  let at = bar.from
  const out: Idle[] = []
  for (const w of waits.sort((a, b) => a.from - b.from)) {
    if (w.from > at) out.push({ from: at, until: w.from })
    at = Math.max(at, w.until)
  }
  if (bar.until > at || out.length === 0) out.push({ from: at, until: Math.max(at, bar.until) })
  return out
}

/** From times to positions between 0 and 1; what is idle takes a small part each. */
export interface Scale {
  x(at: number): number
  idles: Idle[]
}

export function scaleOf([from, until]: [number, number], idles: Idle[], part = 0.06): Scale {
  const share = Math.min(part, 0.5 / Math.max(1, idles.length))
  const idle = idles.reduce((sum, i) => sum + i.until - i.from, 0)
  const work = Math.max(until - from - idle, 1e-9)
  const room = 1 - share * idles.length
  const x = (at: number) => {
    let [worked, short] = [at - from, 0]
    for (const i of idles) {
      if (at <= i.from) break
      const gone = Math.min(at, i.until) - i.from
      worked -= gone
      short += (gone / (i.until - i.from)) * share
    }
    return Math.min(1, Math.max(0, (worked / work) * room + short))
  }
  return { x, idles }
}

const steps = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map(s => s * 1000),
  ...[1, 2, 5, 10, 15, 30].map(m => m * 60_000),
  ...[1, 2, 3, 6, 12].map(h => h * 3_600_000),
  ...[1, 2, 5, 10, 30].map(d => d * 86_400_000),
]

/** Where to write times at the axis: round ones since the beginning, at most about so many, none within what is drawn short. */
export function ticksOf([from, until]: [number, number], idles: Idle[], most: number): number[] {
  const worked = until - from - idles.reduce((sum, i) => sum + i.until - i.from, 0)
  const step = steps.find(s => worked / s <= most) ?? 30 * 86_400_000
  const ticks: number[] = []
  for (let at = 0; at <= until - from; ) {
    const idle = idles.find(i => i.from - from < at && at < i.until - from)
    if (!idle) ticks.push(from + at)
    at = idle ? Math.ceil((idle.until - from) / step) * step : at + step
  }
  return ticks
}
