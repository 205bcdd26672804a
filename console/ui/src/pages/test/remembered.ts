import { readJSON } from '~/api/json'
import type { Values } from '~/parts/form'

// What was tested last, kept in this tab of the browser alone, and never what looks secret.

export interface Remembered {
  inputs: Values
}

const secretive = /pass(word|wort|phrase)|secret|token|api_?key|credential|\bpin\b/i

/** The values that may be kept: none that are, or sound, secret. */
export function keepable(values: Values, schema: Record<string, unknown> | undefined): Values {
  const fields = (schema?.properties ?? {}) as Record<string, { format?: string; writeOnly?: boolean } | undefined>
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => {
      const field = fields[name]
      return !secretive.test(name) && field?.format !== 'password' && field?.writeOnly !== true
    }),
  )
}

const key = (workflow: string) => `gantry.test.${workflow}`

/** What was given last, of the inputs that there still are. */
export function recall(workflow: string, names: string[]): Values {
  try {
    const kept = readJSON(sessionStorage.getItem(key(workflow)) ?? 'null') as Remembered | null
    return Object.fromEntries(Object.entries(kept?.inputs ?? {}).filter(([name]) => names.includes(name)))
  } catch {
    return {}
  }
}

export function remember(workflow: string, what: Remembered) {
  try {
    sessionStorage.setItem(key(workflow), JSON.stringify(what))
  } catch {
    // There is no room, or it is not allowed: then nothing is remembered.
  }
}
