import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClockExclamation,
  IconClockPause,
  IconFilter,
  IconHelpCircle,
  IconHourglassLow,
  IconLoader2,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
} from '@tabler/icons-react'

export const runStatuses = [
  'queued',
  'running',
  'waiting',
  'paused',
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
] as const
export type RunStatus = (typeof runStatuses)[number]

export interface Look {
  label: string
  /** A colour of the theme. */
  color: string
  icon: Icon
}

const looks: Record<string, Look> = {
  queued: { label: 'queued', color: 'gray', icon: IconHourglassLow },
  running: { label: 'running', color: 'blue', icon: IconLoader2 },
  waiting: { label: 'waiting', color: 'violet', icon: IconClockPause },
  paused: { label: 'paused', color: 'yellow', icon: IconPlayerPause },
  succeeded: { label: 'succeeded', color: 'green', icon: IconCircleCheck },
  failed: { label: 'failed', color: 'red', icon: IconAlertTriangle },
  timed_out: { label: 'timed out', color: 'orange', icon: IconClockExclamation },
  cancelled: { label: 'cancelled', color: 'gray', icon: IconBan },
  // what became of an event of a trigger
  pending: { label: 'not decided yet', color: 'gray', icon: IconHourglassLow },
  started: { label: 'started a run', color: 'green', icon: IconPlayerPlay },
  filtered: { label: 'filtered', color: 'gray', icon: IconFilter },
  skipped: { label: 'skipped', color: 'yellow', icon: IconPlayerSkipForward },
  unknown: { label: 'outcome unknown', color: 'orange', icon: IconHelpCircle },
}

/** How a status of a run or a task looks. */
export function lookOf(status: string): Look {
  return looks[status] ?? { label: status, color: 'gray', icon: IconHelpCircle }
}

/** Whether nothing more happens by itself. */
export function hasEnded(status: string): boolean {
  return ['succeeded', 'failed', 'timed_out', 'cancelled'].includes(status)
}
