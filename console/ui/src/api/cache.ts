import { QueryClient } from '@tanstack/react-query'
import { asFault } from './fault'

/** What pages have read. The feed of changes tells when to read again (live.ts), so nothing is polled. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) => count < 2 && [0, 502, 503].includes(asFault(error).status),
      refetchOnWindowFocus: 'always',
    },
  },
})

// Which operations' answers a change of a kind may change, by how their paths begin.
const concerned: Record<string, string[]> = {
  runs: ['/runs', '/statistics', '/asks', '/organisations'],
  asks: ['/asks'],
  triggers: ['/triggers', '/trigger-events', '/schedules'],
  workflows: ['/workflows', '/triggers', '/schedules', '/crates', '/actions'],
  organisations: ['/organisations', '/mappings', '/mapping-suggestions'],
  integrations: ['/organisations', '/integrations', '/instances', '/mappings', '/crates'],
  mappings: ['/mappings', '/mapping-suggestions', '/organisations'],
  variables: ['/organisations'],
  users: ['/users', '/me'],
}

/** Looks anew at who is signed in, and what they may. */
export function refreshMe(): Promise<void> {
  return cache.invalidateQueries({ queryKey: ['get', '/me'] }, { cancelRefetch: false })
}

// Lists that tell of a change of a kind in passing: the last run of each workflow. What lies below their paths does not.
const passing: Record<string, string[]> = { runs: ['/workflows'] }

/** Has what is shown of these kinds read anew; all of it where no kind is named. */
export function refresh(...kinds: string[]): Promise<void> {
  if (kinds.length === 0) return cache.invalidateQueries()
  const paths = kinds.flatMap(kind => concerned[kind] ?? [`/${kind}`])
  const lists = kinds.flatMap(kind => passing[kind] ?? [])
  return cache.invalidateQueries({
    predicate: ({ queryKey }) => {
      const path = String(queryKey[1] ?? queryKey[0])
      return lists.includes(path) || paths.some(p => path.startsWith(p))
    },
  })
}
