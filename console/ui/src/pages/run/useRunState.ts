import { useThrottledValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { hasEnded } from '~/parts/status'
import { useText, useTimeline } from './asked'
import { useLiveRun } from './live'
import { type Lost, lostWrites, mayHaveLost } from './lost'
import type { Run } from './run'
import { executionsOf } from './steps'

const none: Lost[] = []

/** What was heard of a run counts until it is read as ended. Of a held one the log still has what it was at. */
function statusOf(run: Run, heard: string | undefined): string {
  if (heard === undefined || hasEnded(run.status)) return run.status
  return run.held && !hasEnded(heard) ? run.status : heard
}

/** How a run stands: what was read of it, with what is heard of it since. */
export function useRunState(run: Run) {
  const live = useLiveRun(run.id, `${hasEnded(run.status)} ${run.resumptions?.length ?? 0}`)
  const status = statusOf(run, live.update?.status)
  const { steps, problem } = live
  const executions = useMemo(() => executionsOf(run.tasks ?? [], steps, problem === undefined), [run, steps, problem])
  const text = useText(run.id, run.version)
  const outline = text.data?.outline
  const ended = hasEnded(status)
  const said = (run.resolutions?.length ?? 0) + (run.resumptions?.length ?? 0)
  const paced = useThrottledValue(live.update?.seq ?? 0, 1500)
  const stage = { run: run.id, stage: ended ? `${run.finished_at} ${said}` : String(paced) }
  const maybe = status !== 'succeeded' && mayHaveLost(executions)
  const { data: timeline } = useTimeline(stage, undefined, maybe)
  const lost = useMemo(
    () => (maybe && timeline ? lostWrites(executions, run, timeline, outline) : none),
    [maybe, timeline, executions, run, outline],
  )
  return { live, status, ended, executions, lost, text, outline, stage }
}
