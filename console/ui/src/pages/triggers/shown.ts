import type { Schemas } from '~/api/client'

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
