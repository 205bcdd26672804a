import { useCallback, useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'

/** Where things are shown. Ids of workflows have slashes, which stay. */
export const to = {
  workflow: (id: string) => `/workflows/${path(id)}`,
  test: (id: string) => `/test/${path(id)}`,
  run: (id: string) => `/runs/${encodeURIComponent(id)}`,
  organisation: (slug: string) => `/organisations/${encodeURIComponent(slug)}`,
  integration: (id: string) => `/integrations/${encodeURIComponent(id)}`,
  mapping: (id: string) => `/integrations/${encodeURIComponent(id)}/mapping`,
  trigger: (workflow: string, name: string) => `/triggers/${path(workflow)}?trigger=${encodeURIComponent(name)}`,
  /** The item is that of a for_each, from 0. */
  ask: (run: string, task: string, item?: number) =>
    `/waiting/${encodeURIComponent(run)}/${encodeURIComponent(task)}${item === undefined ? '' : `?item=${item}`}`,
  action: (id: string) => `/actions/${encodeURIComponent(id)}`,
  crate: (id: string) => `/crates/${encodeURIComponent(id)}`,
  user: (id: string) => `/users/${encodeURIComponent(id)}`,
}

function path(id: string): string {
  return id.split('/').map(encodeURIComponent).join('/')
}

/**
 * A part of what a page shows that stands in its address, so that it can be linked to and comes back with the page:
 * `const [status, setStatus] = useAddress('status')`. "" is left out of the address.
 */
export function useAddress(name: string, otherwise = ''): [string, (value: string | null) => void] {
  const [params, setParams] = useSearchParams()
  const told = params.get(name) ?? otherwise
  const [own, setOwn] = useState<Own | null>(null)
  useEffect(() => setOwn(was => (was && onItsWay(was, told) ? was : null)), [told])
  const set = useCallback(
    (value: string | null) => {
      const wanted = value || otherwise
      setOwn(was => ({ value: wanted, passed: [...(was?.passed ?? [told]), wanted] }))
      // What the browser says is newer than what was last drawn.
      const next = new URLSearchParams(window.location.search)
      if (wanted === otherwise) next.delete(name)
      else next.set(name, wanted)
      setParams(next, { replace: true })
    },
    [name, otherwise, told, setParams],
  )
  return [own && onItsWay(own, told) ? own.value : told, set]
}

/** What was set holds at once: the address follows when there is time, and somebody types faster. */
interface Own {
  value: string
  /** What the address said then, and was told since. */
  passed: string[]
}

const onItsWay = (own: Own, told: string) => told !== own.value && own.passed.includes(told)
