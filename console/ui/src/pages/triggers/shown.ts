import type { Schemas } from '~/api/client'
import { listed, rhythmInWords } from './rhythm'

export type Shown = Schemas['TriggersShown']
export type Cover = Schemas['TriggersShownOrganisation']
export type Event = Schemas['TriggersKept']

/** What the server tells of the clock and of polls for one organisation. */
export interface Timing {
  next: string[]
  last?: string
  leftOut?: { times: number; at: string }
  /** Of polls: new, starting, waiting, polling, failing, left_out. */
  status?: string
  cursor?: unknown
  lastPoll?: string
  nextPoll?: string
  failures?: number
  error?: { message: string; hint?: string }
  note?: string
}

/** What completions and polls wait for, as the server tells it. */
export interface Awaited {
  /** The workflow whose runs' ends count. */
  workflow?: string
  /** The ends that count, such as `succeeded or failed`. */
  ends: string
  /** What a poll asks for, such as halo.new_ticket. */
  asks?: string
}

/** Reads what a trigger waits for. */
export function awaitedOf(details: Record<string, unknown> | undefined): Awaited {
  const { workflow, statuses, poll, action } = details ?? {}
  const text = (v: unknown) => (typeof v === 'string' && v !== '' ? v : undefined)
  const ends = Array.isArray(statuses) ? statuses.map(s => String(s).replaceAll('_', ' ')) : []
  return { workflow: text(workflow), ends: listed(ends, 'or'), asks: text(poll) ?? text(action) }
}

/** Reads the details that the server gives of a trigger for an organisation. */
export function timingOf(details: Record<string, unknown> | undefined): Timing {
  const d = details ?? {}
  const text = (v: unknown) => (typeof v === 'string' && v !== '' ? v : undefined)
  const leftOut = d.left_out as Timing['leftOut']
  return {
    next: Array.isArray(d.next) ? d.next.map(String) : [d.next].filter(v => typeof v === 'string'),
    last: text(d.last),
    leftOut,
    status: text(d.status),
    cursor: d.cursor,
    lastPoll: text(d.last_poll),
    nextPoll: text(d.next_poll),
    failures: typeof d.failures === 'number' ? d.failures : undefined,
    error: d.error as Timing['error'],
    note: text(d.note),
  }
}

/** What a trigger fires at, shortly: `every 15m`, `halo.new_ticket, every 1m`, `after hooks/order has failed`. */
export function causeInWords(t: Schemas['TriggersListed']): string {
  const { workflow, ends, asks } = awaitedOf(t.details)
  if (workflow) return `after ${workflow} has ${ends}`
  return [asks, rhythmInWords(t)].filter(Boolean).join(', ')
}

const pollWords: Record<string, string> = {
  new: 'not asked yet',
  starting: 'what is there already is being noted',
  waiting: 'waits for the next look',
  polling: 'is looking',
  failing: 'the last look failed',
  left_out: 'is left out',
}

/** How a poll stands, in words. */
export const pollInWords = (status: string) => pollWords[status] ?? status
