import { useQuery } from '@tanstack/react-query'
import { api } from '~/api/client'
import type { Values } from '~/parts/form'
import type { Run } from '../run'

/** By task: the inputs that are replaced. */
export type Edits = Record<string, Values>

/** With what a run goes on. */
export interface Resumption {
  newest: boolean
  edits: Edits
}

const bodyOf = ({ newest, edits }: Resumption) => ({ newest: newest || undefined, inputs: edits })

/** What resuming would do. */
export function usePlan(run: Run, how: Resumption, enabled = true) {
  return useQuery({
    queryKey: ['resume plan of', run.id, how, run.resolutions?.length],
    queryFn: async () =>
      (await api.POST('/runs/{run}/resume/plan', { params: { path: { run: run.id } }, body: bodyOf(how) })).data,
    enabled,
    staleTime: 0,
    retry: false,
    placeholderData: was => was,
  })
}

/** Lets a run go on; of one that is held, somebody has looked whether what it does next has been done. */
export function resume(run: Run, how: Resumption) {
  const body = { ...bodyOf(how), although_held: run.held ? true : undefined }
  return api.POST('/runs/{run}/resume', { params: { path: { run: run.id } }, body })
}
