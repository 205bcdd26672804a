import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'react-router'

/** What of a run is looked at, as it stands in the address. */
export interface Place {
  tab: string
  task: string
  instance: string
  item: string
  /** What of the task: result, inputs … */
  part: string
  /** Which items of a for_each are listed. */
  items: string
  view: string
  /** The run that this one is compared with. */
  with: string
}

const otherwise: Place = {
  tab: 'overview',
  task: '',
  instance: '',
  item: '',
  part: '',
  items: 'all',
  view: '',
  with: '',
}

/**
 * The place and how to go to another one: several parts of it at once. With `leaps` the browser's back button leads back
 * to where one was.
 */
export function usePlace(): [Place, (changed: Partial<Place>, leaps?: boolean) => void] {
  const [params, setParams] = useSearchParams()
  const place = useMemo(
    () => Object.fromEntries(Object.entries(otherwise).map(([k, v]) => [k, params.get(k) ?? v])) as unknown as Place,
    [params],
  )
  const go = useCallback(
    (changed: Partial<Place>, leaps = false) => {
      // What the browser says is newer than what was last drawn.
      const next = new URLSearchParams(window.location.search)
      for (const [name, value] of Object.entries(changed))
        value && value !== otherwise[name as keyof Place] ? next.set(name, value) : next.delete(name)
      setParams(next, { replace: !leaps, preventScrollReset: true })
    },
    [setParams],
  )
  return [place, go]
}
