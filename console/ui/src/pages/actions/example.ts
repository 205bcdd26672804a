import { stringify } from 'yaml'
import type { Schemas } from '~/api/client'

type Detail = Schemas['ActionDetail']

/** A task that calls an action with what it cannot do without, ready to be pasted below `tasks:`. */
export function exampleTask(action: Pick<Detail, 'id' | 'name' | 'inputs' | 'one_of' | 'example'>): string {
  const inputs = action.inputs ?? []
  const needed = inputs.filter(f => f.required).map(f => f.name)
  const oneOf = (action.one_of ?? []).flatMap(group => group ?? []).length > 0 ? (action.one_of ?? []) : []
  for (const group of oneOf) if (!(group ?? []).some(n => needed.includes(n))) needed.push(...(group ?? []).slice(0, 1))
  const given = Object.fromEntries(needed.map(name => [name, valueFor(name, action)]))
  return task(action.name, action.id, given)
}

/** The example that an action's author has written. */
export function authorsTask(action: Pick<Detail, 'id' | 'name' | 'example'>): string {
  return task(action.name, action.id, action.example.with ?? {})
}

function task(name: string, action: string, given: Record<string, unknown>): string {
  const body = Object.keys(given).length > 0 ? { action, with: given } : { action }
  return stringify({ [name]: body }, { lineWidth: 0 })
}

// What the author's example has, else the default, the first choice, or the workflow's input of the same name.
function valueFor(name: string, action: Pick<Detail, 'inputs' | 'example'>): unknown {
  const field = (action.inputs ?? []).find(f => f.name === name)
  const example = action.example.with?.[name]
  if (example !== undefined) return example
  if (field?.has_default) return field.default
  return field?.enum?.[0] ?? `\${{ inputs.${name} }}`
}
