import { stringify } from 'yaml'
import type { Schemas } from '~/api/client'

// Mocks: what a task gave, written so that it gives the same without calling its action.

/** A value that stands for itself in a workflow: what would be an expression there is written as text. */
export function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${{', () => '$${{')
  if (Array.isArray(value)) return value.map(escaped)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [name, escaped(v)])) // names are literal
}

export interface Ended {
  name: string
  status: string
  result: unknown
  error?: Schemas['FaultError'] | null
}

function mockOf(task: Ended): unknown {
  if (task.status === 'succeeded') return { mock: { result: escaped(task.result ?? null) } }
  const error = task.error ?? { code: task.status, message: '' }
  const { code, message, hint, detail } = error
  const kept = Object.fromEntries(Object.entries({ code, message, hint, detail }).filter(([, v]) => v))
  return { mock: { error: escaped(kept) } }
}

const options = { lineWidth: 0, aliasDuplicateObjects: false } as const

/** The `mock:` of one task as YAML, to be put below the task. */
export function mockYAML(task: Ended): string {
  return stringify(mockOf(task), options)
}

/** The mocks of tasks as YAML, by their names. Of a task that ran several times the last one counts. */
export function mocksYAML(tasks: Ended[]): string {
  return stringify({ tasks: Object.fromEntries(tasks.map(t => [t.name, mockOf(t)])) }, options)
}
