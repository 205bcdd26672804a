import { readJSON } from '~/api/json'
import type { Values } from '~/parts/form'
import { sampleData } from './kinds'
import type { Event, Shown } from './shown'

/** An event as a person makes it up: by hand, or out of one of the past. */
export interface MadeUp {
  /** The id of the event that it began with; "" where it is written by hand. */
  from: string
  /** Its data as JSON; of forms it does not count. */
  text: string
  /** What a form is filled in with. */
  form: Values
  /** It passes whatever the condition says. */
  skip: boolean
}

/** What one begins with: an event of the past, or what a trigger sees of an empty one. */
export function beginWith(trigger: Shown, past: Event | undefined, now: Date): MadeUp {
  const data = past?.data ?? sampleData(trigger.type, now)
  return {
    from: past?.id ?? '',
    text: JSON.stringify(data, undefined, 2),
    form: isObject(data.form) ? data.form : {},
    skip: false,
  }
}

/** The data as it is sent; undefined as long as it cannot be read. */
export function dataOf(trigger: Shown, event: MadeUp): Record<string, unknown> | undefined {
  return trigger.form ? { form: event.form } : readObject(event.text)
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = readJSON(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
