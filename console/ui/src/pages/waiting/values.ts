import type { Schemas } from '~/api/client'

/** What a form begins with: the defaults of its fields. */
export function startValues(fields: Schemas['AskField'][]): Record<string, unknown> {
  return Object.fromEntries(fields.filter(f => f.has_default).map(f => [f.name, f.default]))
}

/** What was filled in; what was left empty is left out. */
export function filledIn(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined && v !== ''))
}

/** What is wrong with which field, where the server's answer tells it. */
export function mistakesOf(detail: unknown, otherwise: Record<string, string>): Record<string, string> {
  const fields = (detail as { fields?: unknown } | null | undefined)?.fields
  if (fields === null || typeof fields !== 'object') return otherwise
  return Object.fromEntries(
    Object.entries(fields).map(([name, message]) => [name.replace(/^values\./, ''), String(message)]),
  )
}
