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
    bar.open ? `for ${lasting(bar.until - bar.from)} so far` : lasting(bar.until - bar.from),
    `from ${lasting(bar.from - began)} after the beginning`,
    bar.by ? `answered by ${bar.by}` : '',
    bar.ends ? `ends by itself at ${new Date(bar.ends).toLocaleString('en-GB')}` : '',
    bar.error ? bar.error.message : '',
  ]
  return told.filter(Boolean).join(' · ')
}
