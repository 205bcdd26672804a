import type { Schemas } from '~/api/client'

/** What a form begins with: the defaults of its fields. */
export function startValues(fields: Schemas['AskField'][]): Record<string, unknown> {
  return Object.fromEntries(fields.filter(f => f.has_default).map(f => [f.name, f.default]))
}

/** What was filled in; what was left empty is left out. */
export function filledIn(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''))
}
