import type { Step } from '~/parts/data/path'
import {
  type Condition,
  joined,
  type Operator,
  operatorsFor,
  stepsOf,
  type Verdict,
  verdictOf,
  written,
} from './condition'

// What is made of values that were chosen: one `when`.

/** A chosen value, and what is asked of it. */
export interface Choice {
  path: string
  value: unknown
  operator: Operator
  /** What it is compared with. */
  against: unknown
}

/** The first thing that is asked of a value that was chosen. */
export function firstChoice(path: string, value: unknown): Choice {
  const operator = operatorsFor(value)[0] ?? 'there'
  return { path, value, operator, against: against(operator, value) }
}

/** The choice with another operator: what it is compared with follows its kind. */
export function asked(choice: Choice, operator: Operator, seen: unknown[]): Choice {
  const many = operator === 'among'
  const one = choice.operator === 'among' ? choice.value : choice.against
  return {
    ...choice,
    operator,
    against: many ? (seen.length > 0 ? seen : [choice.value]) : against(operator, one ?? choice.value),
  }
}

function against(operator: Operator, value: unknown): unknown {
  if (operator === 'among') return Array.isArray(value) ? value : [value]
  return operator === 'holds' || operator === 'there' || operator === 'not_empty' ? undefined : value
}

/** The conditions of choices; those of no path are left out. */
export function conditionsOf(choices: Choice[], careful: boolean): Condition[] {
  return choices.flatMap(c => {
    const path: Step[] | undefined = stepsOf(c.path)
    return path ? [{ path, operator: c.operator, value: c.against, careful }] : []
  })
}

/** The whole `when`: what stands there now and what was chosen. */
export function whenOf(present: string | undefined, conditions: Condition[]): string {
  return conditions.length === 0 ? (present ?? '') : joined(present, conditions.map(written).join(' && '))
}

/** What several conditions together make of an event: as `&&` does, one that is false decides. */
export function together(conditions: Condition[], data: Record<string, unknown>): Verdict {
  const all = conditions.map(c => verdictOf(c, data))
  if (all.includes('filtered')) return 'filtered'
  return all.includes('fails') ? 'fails' : 'passes'
}

export type Counts = Record<Verdict, number>

/** How many of some events pass conditions, are filtered, or fail. */
export function counted(conditions: Condition[], events: Record<string, unknown>[]): Counts {
  const counts: Counts = { passes: 0, filtered: 0, fails: 0 }
  for (const data of events) counts[together(conditions, data)]++
  return counts
}
