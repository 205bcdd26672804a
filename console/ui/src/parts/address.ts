import { useCallback } from 'react'
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
  const set = useCallback(
    (value: string | null) =>
      setParams(
        was => {
          const next = new URLSearchParams(was)
          if (!value || value === otherwise) next.delete(name)
          else next.set(name, value)
          return next
        },
        { replace: true },
      ),
    [name, otherwise, setParams],
  )
  return [params.get(name) ?? otherwise, set]
}
