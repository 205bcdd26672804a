import type { Schemas } from '~/api/client'
import { asSchema, type Mistakes, mistakesIn, type Values } from '~/parts/form'

// What resuming a run would do, in words.

export type Plan = Schemas['EngineResumePlan']
export type Unresolved = Schemas['EngineUnresolved']
type StepOf = Schemas['EngineResumeStep']

/** A step of the plan as a line. */
export function told(step: StepOf): string {
  const name = step.task
    ? step.instance && step.instance > 1
      ? `${step.task} (execution ${step.instance})`
      : step.task
    : ''
  const was = step.status && !underWay.includes(step.status) ? `, which ended ${words(step.status)}` : ''
  switch (step.what) {
    case 'repeat':
      return `Repeat ${name}${was}`
    case 'go_on':
      return `Go on with ${name}`
    case 'items':
      return `Repeat ${step.items ?? 0} of ${step.of ?? 0} items of ${name}`
    case 'sub_run':
      return step.anew
        ? `Begin the sub-workflow of ${name} anew, in another run`
        : `Go on with the sub-workflow of ${name}`
    case 'start':
      return name ? `Start ${name}` : 'Start the run from its beginning'
    case 'join':
      return `Look anew whether ${name} can begin`
    case 'outputs':
      return 'Work out the outputs anew'
    default:
      return `Leave ${name} as it is: nobody knows whether its write was done`
  }
}

// Of a run that has not ended a step is repeated whose answer nobody heard.
const underWay = ['queued', 'running', 'waiting', 'paused']

function words(status: string): string {
  return status.replaceAll('_', ' ')
}

/** Whether it can be resumed like that, with the runs of its sub-workflows. */
export function possible(plan: Plan): boolean {
  return (
    !plan.problem &&
    (plan.misfits?.length ?? 0) === 0 &&
    (plan.unresolved?.length ?? 0) === 0 &&
    (plan.parts ?? []).every(possible)
  )
}

/** The steps of which it is known what becomes of them: those that nobody's word is waited for. */
export function settled(plan: Plan): StepOf[] {
  const waits = (s: StepOf) =>
    plan.unresolved?.some(
      u => u.run === plan.run && u.task === s.task && u.instance === s.instance && u.item === undefined,
    )
  return (plan.steps ?? []).filter(s => !waits(s))
}

/** The tasks whose inputs can be replaced: those that are repeated. */
export function editable(plan: Plan): { task: string; instance: number }[] {
  const seen = new Set<string>()
  return settled(plan).flatMap(s => {
    if (!s.task || s.what !== 'repeat' || seen.has(s.task)) return []
    seen.add(s.task)
    return [{ task: s.task, instance: s.instance ?? 1 }]
  })
}

/** The names of values that were there, and have been emptied. */
export function emptied(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return Object.keys(before).filter(name => before[name] !== null && after[name] === undefined)
}

/** What is wrong with values that have been changed. Those that were there before may be masked. */
export function mistakesOf(schema: Record<string, unknown>, before: Values, after: Values): Mistakes {
  const changed = new Set([...Object.keys(replaced(before, after)), ...emptied(before, after)])
  const all = Object.entries(mistakesIn(asSchema(schema), after))
  return Object.fromEntries(all.filter(([at]) => changed.has(at.split('.')[0] ?? '')))
}

/** What of edited values is to be sent: what is new or another value. */
export function replaced(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[name]),
    ),
  )
}
