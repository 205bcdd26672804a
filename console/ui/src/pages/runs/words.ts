import { triggerTypes } from './filters'

/** What started a run, in words. */
export function startedBy(run: { trigger_type: string; trigger: string; parent?: string }): string {
  if (run.trigger_type === 'on_failure') return `failure of ${run.trigger}`
  if (run.parent || run.trigger_type === 'workflow') return run.trigger || 'another workflow'
  const type = triggerTypes.find(t => t.value === run.trigger_type)?.label ?? run.trigger_type
  if (!run.trigger || run.trigger.toLowerCase() === type.toLowerCase()) return type || 'By hand'
  return type ? `${type}: ${run.trigger}` : run.trigger
}
