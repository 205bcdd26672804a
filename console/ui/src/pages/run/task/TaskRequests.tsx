import { Text } from '@mantine/core'
import { Loaded } from '~/parts/Page'
import { type Stage, useRequests } from '../asked'
import { RequestList } from '../RequestList'
import type { Execution } from '../steps'

/** The HTTP requests that a task made, without what is secret in them. */
export function TaskRequests({ stage, execution: e, item }: { stage: Stage; execution: Execution; item?: number }) {
  const tasks = useRequests(stage)
  return (
    <Loaded of={tasks} lines={3}>
      {all => {
        const own = (all.find(t => t.exec === e.exec)?.requests ?? []).filter(
          r => item === undefined || r.item === item,
        )
        if (own.length === 0)
          return (
            <Text size="sm" className="g-quiet">
              It made no HTTP requests.
            </Text>
          )
        return <RequestList requests={own.map(request => ({ request, task: e.name, exec: e.exec }))} />
      }}
    </Loaded>
  )
}
