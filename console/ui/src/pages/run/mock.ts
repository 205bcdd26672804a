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
  /** Of a for_each: the result has an entry for each item. */
  each?: boolean
}

/** How long an expression may be, in bytes. */
const longest = 16 << 10

/** Whether there is a mock of a task: of a for_each the results of all items have to fit into one expression. */
export function mockable(task: Ended): boolean {
  return !givesEach(task) || new TextEncoder().encode(eachByIndex(task.result)).length <= longest
}

/** How many items of a for_each failed, which a mock cannot say of one of them: there they give null. */
export function failedItems(task: Ended): number {
  return givesEach(task) ? itemsOf(task.result).filter(i => i.status !== 'succeeded').length : 0
}

function mockOf(task: Ended): unknown {
  if (givesEach(task)) return { mock: { result: eachByIndex(task.result) } }
  if (task.status === 'succeeded') return { mock: { result: escaped(task.result ?? null) } }
  const error = task.error ?? { code: task.status, message: '' }
  const { code, message, hint, detail } = error
  const kept = Object.fromEntries(Object.entries({ code, message, hint, detail }).filter(([, v]) => v))
  return { mock: { error: escaped(kept) } }
}

function givesEach(task: Ended): boolean {
  return task.each === true && task.status === 'succeeded'
}

/** A mock of a for_each stands for each item: an expression chooses by its position. JSON is an expression, too. */
function eachByIndex(result: unknown): string {
  return `\${{ ${JSON.stringify(itemsOf(result).map(i => i.result ?? null))}[index] }}`
}

function itemsOf(result: unknown): { status?: string; result?: unknown }[] {
  return Array.isArray(result) ? result : []
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
