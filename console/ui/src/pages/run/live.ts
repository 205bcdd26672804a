import { useEffect, useState } from 'react'
import { refresh } from '~/api/cache'
import { base } from '~/api/client'
import { Fault, type FaultDocument } from '~/api/fault'
import { type Step, taken, type Update } from './steps'

export interface Live {
  /** The last that was heard; undefined: nothing yet. */
  update?: Update
  /** What is known of the executions, by their number. */
  steps: ReadonlyMap<number, Step>
  /** The server does not tell any more, and why. */
  problem?: Fault
}

const nothing: Live = { steps: new Map() }

/** How often the page is drawn anew at most, in milliseconds. */
const pace = 120

/**
 * Follows a run by its events, also one that has ended. Where the connection breaks the browser takes it up again after
 * the last event that came. `again` changes when a run that had ended goes on.
 */
export function useLiveRun(run: string | undefined, again: string): Live {
  const [live, setLive] = useState<Live & { of?: string }>(nothing)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that goes on again is followed again
  useEffect(() => {
    if (!run) return
    let known: Live = nothing
    let timer: number | undefined
    const show = () => {
      timer = undefined
      setLive({ ...known, of: run })
    }
    const soon = () => {
      timer ??= window.setTimeout(show, pace)
    }
    const feed = new EventSource(`${base}/runs/${encodeURIComponent(run)}/events`)
    feed.onmessage = event => {
      const update = JSON.parse(event.data) as Update
      known = { update, steps: taken(known.steps, update) }
      soon()
    }
    feed.addEventListener('end', () => {
      feed.close()
      void refresh('runs')
    })
    // The browser's own errors, after which it tries again, have no data; those that the server tells end it.
    feed.addEventListener('error', event => {
      if (!(event instanceof MessageEvent) || !event.data) return
      feed.close()
      known = { ...known, problem: new Fault(0, JSON.parse(event.data) as FaultDocument) }
      soon()
    })
    return () => {
      feed.close()
      window.clearTimeout(timer)
    }
  }, [run, again])
  return live.of === run ? live : nothing
}
