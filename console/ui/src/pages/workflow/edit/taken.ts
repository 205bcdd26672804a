import type { OutlineTransition } from '~/parts/graph'
import { inFlow } from './write'

/** When a transition is taken. */
export interface Taken {
  kind: 'success' | 'failure' | 'always' | 'condition'
  /** Of a condition. */
  when?: string
  label?: string
}

const conditions: Record<Taken['kind'], string | undefined> = {
  success: 'succeeded',
  failure: 'failed',
  always: undefined,
  condition: undefined,
}

/** The condition as it is written, without braces; undefined: there is none. */
export function whenOf(taken: Taken): string | undefined {
  return taken.kind === 'condition' ? taken.when?.trim() || undefined : conditions[taken.kind]
}

export const labelOf = (taken: Taken) => taken.label?.trim() || undefined

/** An expression without the braces around it. */
export function bare(when: string): string {
  return (/^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(when)?.[1] ?? when).trim()
}

/** When a transition of the outline is taken. */
export function takenOf({ when, kind, label }: Pick<OutlineTransition, 'when' | 'kind' | 'label'>): Taken {
  if (when === undefined) return { kind: kind === 'condition' ? 'always' : kind, label }
  const written = bare(when)
  if (written === 'succeeded') return { kind: 'success', label }
  if (written === 'failed') return { kind: 'failure', label }
  return { kind: 'condition', when: written, label }
}

/** A transition to one task, as it is written. */
export function entryOf(to: string, taken: Taken): Record<string, string> {
  const when = whenOf(taken)
  const label = labelOf(taken)
  return { ...(when ? { when } : {}), do: to, ...(label ? { label } : {}) }
}

/** `key: value` of each, on a line of its own or in braces. */
export function pairsOf(entry: Record<string, string | undefined>): string[] {
  return Object.entries(entry).flatMap(([key, v]) => (v === undefined ? [] : [`${key}: ${inFlow(v)}`]))
}
