import type { Schemas } from '~/api/client'
import type { TaskState } from '~/parts/graph'

// What a run's tasks do, as the live events and the run itself tell it.

export type Task = Schemas['HistoryTask']
export type Step = Schemas['EngineStep']
export type Update = Schemas['EngineUpdate']

/** Takes an update of the live events into what is known of a run's executions, by their number. */
export function taken(steps: ReadonlyMap<number, Step>, update: Update): ReadonlyMap<number, Step> {
  if (!update.changed?.length) return steps
  const next = new Map(steps)
  for (const step of update.changed) next.set(step.id, step)
  return next
}

/** An execution of a task: what the run keeps of it, with what the live events know better. */
export interface Execution {
  exec: number
  name: string
  instance: number
  status: string
  attempts: number
  title?: string
  action?: string
  awaits?: string
  error?: Schemas['FaultError'] | null
  startedAt?: string | null
  finishedAt?: string | null
  /** Of a for_each. */
  items?: { all: number; ended: number; failed: number }
  /** Of a sub-workflow: its run. */
  subrun?: string
  /** How large the result is, where it is known. */
  bytes?: number
  /** Only what was read of it is known so far, so not whether it has items. */
  silent?: boolean
}

/** The executions of a run, in the order in which they came up; told says whether more is to be heard of them. */
export function executionsOf(tasks: Task[], steps: ReadonlyMap<number, Step>, told = true): Execution[] {
  const all = new Map<number, Execution>()
  for (const t of tasks) {
    all.set(t.exec, {
      ...{ exec: t.exec, name: t.name, instance: t.instance, status: t.status, attempts: t.attempts },
      ...{ error: t.error, startedAt: t.started_at, finishedAt: t.finished_at, subrun: t.run, bytes: t.result_bytes },
      silent: told,
    })
  }
  for (const s of steps.values()) {
    const kept = all.get(s.id)
    all.set(s.id, {
      ...{ bytes: kept?.bytes, subrun: s.subrun ?? kept?.subrun },
      ...{ exec: s.id, name: s.name, instance: s.instance, status: s.status, attempts: s.attempts },
      ...{ title: s.title, action: s.action, awaits: s.awaits, error: s.error ?? (s.finished_at ? kept?.error : null) },
      ...{ startedAt: s.started_at, finishedAt: s.finished_at },
      items: s.items ? { all: s.items, ended: s.items_ended ?? 0, failed: s.items_failed ?? 0 } : undefined,
    })
  }
  return [...all.values()].sort((a, b) => a.exec - b.exec)
}

/** How each task stands, for the graph: by its latest execution. */
export function statesOf(executions: Execution[]): Record<string, TaskState> {
  const states: Record<string, TaskState> = {}
  for (const e of executions) {
    const told = [
      e.items && !e.finishedAt ? `${e.items.ended} of ${e.items.all}` : '',
      e.items && e.items.failed > 0 ? `${e.items.failed} failed` : '',
      !e.items && e.attempts > 1 ? `${e.attempts} attempts` : '',
      e.instance > 1 ? `${ordinal(e.instance)} time` : '',
      e.awaits === 'answer' ? 'waits for an answer' : e.awaits === 'webhook' ? 'waits for a webhook' : '',
    ].filter(Boolean)
    states[e.name] = {
      status: e.status,
      text: told.join(', ') || undefined,
      progress: e.items && !e.finishedAt ? e.items.ended / Math.max(1, e.items.all) : undefined,
    }
  }
  return states
}

function ordinal(n: number): string {
  const tens = n % 100
  const end = tens >= 11 && tens <= 13 ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[n % 10] ?? 'th')
  return `${n}${end}`
}

/** The transitions that a run took, as the graph names them. */
export function waysOf(timeline: Schemas['InsideTaken'][] | null | undefined): Set<string> {
  return new Set((timeline ?? []).flatMap(t => (t.transitions ?? []).map(index => `${t.task}:${index}`)))
}

/** The execution that is to be shown: the one that is named, else the latest of the task. */
export function chosen(executions: Execution[], task: string, instance: string): Execution | undefined {
  const own = executions.filter(e => e.name === task)
  return own.find(e => String(e.instance) === instance) ?? own.at(-1)
}

/** Where to look first: what failed, what waits, else the last one. */
export function firstLook(executions: Execution[], failedTask?: string): Execution | undefined {
  return (
    (failedTask ? executions.findLast(e => e.name === failedTask) : undefined) ??
    executions.findLast(e => e.status === 'unknown') ??
    executions.find(e => ['running', 'waiting'].includes(e.status)) ??
    executions.findLast(e => ['failed', 'timed_out'].includes(e.status)) ??
    executions.at(-1)
  )
}
