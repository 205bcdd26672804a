import { query } from '~/api/client'
import { excerpt } from './excerpt'
import { ownWhen } from './ownWhen'
import type { Shown } from './shown'

/** A trigger's `when` as its file has it; beside a preset the server knows a further one, which stays where it is. */
export function useOwnWhen(trigger: Shown): string | undefined {
  const workflow = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: trigger.workflow } } })
  const at = workflow.data?.outline?.triggers?.find(o => o.name === trigger.trigger)
  if (!workflow.data?.text || !at) return trigger.when
  return ownWhen(excerpt(workflow.data.text, at.line, at.end_line))
}
