import type { Schemas } from '~/api/client'
import { forWhom, kindOf } from './kinds'

export interface Narrowed {
  type: string
  workflow: string
  /** on, off, failed, or "". */
  state: string
  search: string
}

type Trigger = Schemas['TriggersListed']

/** Whether a trigger is among those that are looked for. */
export function fits(t: Trigger, by: Narrowed, nameOf: (slug: string) => string): boolean {
  if (by.type && t.type !== by.type) return false
  if (by.workflow && t.workflow !== by.workflow) return false
  if (by.state === 'on' && !t.enabled) return false
  if (by.state === 'off' && t.enabled) return false
  if (by.state === 'failed' && t.last?.status !== 'failed') return false
  const words = by.search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [t.trigger, t.workflow, t.title, t.when, kindOf(t.type).label, forWhom(t.run_for, nameOf)]
  const all = text.join(' ').toLowerCase()
  return words.every(w => all.includes(w))
}
