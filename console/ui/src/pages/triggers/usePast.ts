import { query } from '~/api/client'

// Not as many as a page of the list of events has: that lies in the cache in another shape, under the same name.
const limit = 40

/** The last events of a trigger, of all organisations, to begin a made-up one with. */
export function usePast(workflow: string, trigger: string) {
  return query.useQuery('get', '/trigger-events', { params: { query: { workflow, trigger, limit } } })
}
