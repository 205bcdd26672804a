import { lookOf } from '~/parts/status'
import { lasting } from '~/parts/time'
import type { Bar, Lane } from './gantt'

const waits: Record<string, string> = {
  retry: 'waits before it tries again',
  delay: 'waits for a time',
  answer: 'waits for an answer',
  webhook: 'waits for a webhook',
  sub_run: 'waits for its sub-workflow',
  verify: 'waits to look whether the write was done',
}

/** A duration, also one far below a millisecond. */
export function fine(ms: number): string {
  return ms > 0 && ms < 1 ? `${Math.round(ms * 1000)} µs` : lasting(ms)
}

/** What a lane is called. */
export function nameOf(lane: Lane): string {
  if (lane.item !== undefined) return `item ${lane.item}`
  const again = lane.instance > 1 ? ` · ${lane.instance}` : ''
  if (lane.items === undefined) return `${lane.task}${again}`
  return `${lane.task}${again} (${lane.items.toLocaleString('en-GB')})`
}

/** A bar in words. */
export function said(lane: Lane, bar: Bar, began: number): string {
  const whole = lane.items !== undefined
  const what = bar.wait
    ? (waits[bar.kind] ?? 'waits')
    : whole
      ? `${lane.items} items${lane.failed ? `, ${lane.failed} of them not well` : ''}`
      : `${bar.attempt && bar.attempt > 1 ? `attempt ${bar.attempt} ` : ''}${lookOf(bar.kind).label}`
  const told = [
    `${lane.item === undefined ? lane.task : `${lane.task}, item ${lane.item}`}: ${what}`,
    bar.open ? `for ${fine(bar.until - bar.from)} so far` : fine(bar.until - bar.from),
    bar.from - began > 0 ? `from ${fine(bar.from - began)} after the beginning` : 'from the beginning',
    bar.by ? `answered by ${bar.by}` : '',
    bar.ends ? `ends by itself at ${new Date(bar.ends).toLocaleString('en-GB')}` : '',
    bar.error ? bar.error.message : '',
  ]
  return told.filter(Boolean).join(' · ')
}
