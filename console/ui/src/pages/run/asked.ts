import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, type Schemas } from '~/api/client'
import type { Timeline } from './timeline/gantt'

// What the page asks about a run beside the run itself. It is asked anew when the run has come further, not whenever
// any run has changed, since a run that has ended stays as it is.

/** A run at a stage: what is asked about it holds until the stage changes. */
export interface Stage {
  run: string
  /** Changes when the run has come further. */
  stage: string
}

const settings = { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY }

/** How many entries of a timeline are read at most: of a page the server gives 2,000. */
const mostPages = 5

async function timelineOf(run: string, task?: string): Promise<Timeline> {
  const all: Timeline = { attempts: [], waits: [], published: [], taken: [], more: false }
  let after: number | undefined
  for (let page = 0; page < mostPages; page++) {
    const { data } = await api.GET('/runs/{run}/timeline', { params: { path: { run }, query: { task, after } } })
    if (!data) break
    all.attempts = [...(all.attempts ?? []), ...(data.attempts ?? [])]
    all.waits = [...(all.waits ?? []), ...(data.waits ?? [])]
    all.published = [...(all.published ?? []), ...(data.published ?? [])]
    all.taken = [...(all.taken ?? []), ...(data.taken ?? [])]
    all.problem = data.problem
    all.more = data.more
    after = data.next
    if (!data.more || after === undefined) break
  }
  return all
}

/** What happened in a run, or to one of its tasks. */
export function useTimeline({ run, stage }: Stage, task?: string, enabled = true) {
  return useQuery({
    queryKey: ['timeline of', run, stage, task],
    queryFn: () => timelineOf(run, task),
    enabled,
    ...settings,
  })
}

/** The tasks of a run with the requests that they made. */
export function useRequests({ run, stage }: Stage) {
  return useQuery({
    queryKey: ['requests of', run, stage],
    queryFn: async () => {
      const params = { path: { run }, query: { requests: true, results: 'none' } }
      const { data } = await api.GET('/runs/{run}', { params })
      return data?.tasks ?? []
    },
    ...settings,
  })
}

/** Which part of a run's tasks is meant: an execution, or an item of its for_each. */
export interface Unit {
  task: string
  instance: number
  item?: number
}

const named = (run: string, { task, instance, item }: Unit) => ({
  path: { run, task },
  query: { instance, ...(item === undefined ? {} : { item, each: true }) },
})

export function useResult({ run, stage }: Stage, unit: Unit, enabled: boolean) {
  return useQuery({
    queryKey: ['result of', run, stage, unit],
    queryFn: async () =>
      (await api.GET('/runs/{run}/tasks/{task}/result', { params: named(run, unit) })).data?.result ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  })
}

/** The result of a whole for_each, where it is not too large to come with the run. Null: it is. */
export function useItemResults({ run, stage }: Stage, exec: number, enabled: boolean) {
  return useQuery({
    queryKey: ['results of items of', run, stage, exec],
    queryFn: async () => {
      const params = { path: { run }, query: { results: 'small' } }
      const { data } = await api.GET('/runs/{run}', { params })
      return data?.tasks?.find(t => t.exec === exec)?.result ?? null
    },
    staleTime: Number.POSITIVE_INFINITY,
    enabled,
  })
}

export function useInputs({ run, stage }: Stage, unit: Unit) {
  return useQuery({
    queryKey: ['inputs of', run, stage, unit],
    queryFn: async () => (await api.GET('/runs/{run}/tasks/{task}/inputs', { params: named(run, unit) })).data ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

/** The published values as an execution saw them, or, without one, as the run's outputs see them. */
export function useContextOf({ run, stage }: Stage, exec?: number) {
  return useQuery({
    queryKey: ['context of', run, stage, exec],
    queryFn: async () => {
      const query = exec === undefined ? { end: true } : { exec }
      return (await api.GET('/runs/{run}/context', { params: { path: { run }, query } })).data?.context ?? {}
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

/** Where a text stands in a run. */
export function useFound({ run, stage }: Stage, text: string, enabled: boolean) {
  return useQuery({
    queryKey: ['found in', run, stage, text],
    queryFn: async () => {
      const params = { path: { run }, query: { text, limit: 200 } }
      return (await api.GET('/runs/{run}/find', { params })).data
    },
    enabled,
    retry: false,
    ...settings,
  })
}

export type RunText = Schemas['RunWorkflowOutBody']

/** The workflow as the run used it; without its text for people who may not read that. */
export function useText(run: string, version: string | undefined) {
  return useQuery({
    queryKey: ['text of', run, version],
    queryFn: async () => (await api.GET('/runs/{run}/workflow', { params: { path: { run } } })).data ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    enabled: version !== undefined,
  })
}
