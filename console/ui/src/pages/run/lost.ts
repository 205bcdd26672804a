import type { Schemas } from '~/api/client'
import type { Outline } from '~/parts/graph'
import type { Run } from './run'
import type { Execution } from './steps'
import { itemsOf } from './task/items'
import { millis, type Timeline } from './timeline/gantt'

type Resolution = Schemas['HistoryResolution']

/** A write whose answer was lost, with which the run has not gone on: somebody has to say what became of it. */
export interface Lost {
  exec: number
  task: string
  instance: number
  item?: number
  /** What somebody has said of it; it counts when the run is resumed. */
  said?: Resolution
}

/** The tasks and words that a task led on to when it had ended. */
export function ledTo(e: Execution, timeline?: Timeline, outline?: Outline | null): string[] {
  const taken = timeline?.taken?.filter(t => t.exec === e.exec).flatMap(t => t.transitions ?? []) ?? []
  const ways = outline?.transitions?.filter(t => t.from === e.name && taken.includes(t.index)) ?? []
  return ways.flatMap(way => way.to?.map(target => target.task ?? target.word ?? '') ?? [])
}

/** Whether the workflow handled how a task ended. The word `fail` handles nothing. */
export function handled(e: Execution, timeline?: Timeline, outline?: Outline | null): boolean {
  const led = ledTo(e, timeline, outline)
  return led.length > 0 && !led.includes('fail')
}

/** Whether writes may have been lost, so that the timeline is needed to know. */
export function mayHaveLost(executions: Execution[]): boolean {
  return executions.some(e => e.status === 'unknown' || (e.items && e.finishedAt && e.status !== 'succeeded'))
}

type Words = Pick<Run, 'resolutions' | 'resumptions'>

/** The writes of a run that was not able to go on whose answers were lost. */
export function lostWrites(
  executions: Execution[],
  words: Words,
  timeline: Timeline,
  outline?: Outline | null,
): Lost[] {
  return executions
    .filter(e => !handled(e, timeline, outline))
    .flatMap(e => {
      const told = pending(words).filter(r => r.task === e.name && r.instance === e.instance)
      const lost = (item?: number): Lost => ({
        ...{ exec: e.exec, task: e.name, instance: e.instance, item },
        said: told.findLast(r => r.item === item),
      })
      if (!e.items) return e.status === 'unknown' ? [lost()] : []
      if (e.status === 'succeeded') return []
      // An item of which something has been said stands as it was said.
      const unknown = itemsOf(timeline, e.exec).filter(i => i.status === 'unknown')
      const items = new Set([...unknown.map(i => i.item), ...told.flatMap(r => r.item ?? [])])
      return [...items].sort((a, b) => a - b).map(lost)
    })
}

/** What has been said since the run went on last. */
function pending({ resolutions, resumptions }: Words): Resolution[] {
  const last = resumptions?.at(-1)
  return resolutions?.filter(r => !last || millis(r.at) > millis(last.at)) ?? []
}

/** How such a write is called. */
export function nameOf(write: Lost): string {
  const again = write.instance > 1 ? ` (execution ${write.instance})` : ''
  return `${write.task}${again}${write.item === undefined ? '' : `, item ${write.item}`}`
}
