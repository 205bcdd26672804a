import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import type { OutlineTask } from '~/parts/graph'

/** What a task calls: an action, with what that does, or a workflow. */
export function Calls({ task }: { task: OutlineTask }) {
  if (!task.workflow) return <Action id={task.action ?? ''} />
  return (
    <Text size="sm">
      Calls the workflow{' '}
      <Anchor component={Link} to={to.workflow(task.workflow)} size="sm" underline="always" className="g-mono">
        {task.workflow}
      </Anchor>
    </Text>
  )
}

const effects = { read: 'reads', write: 'writes', delete: 'deletes' }

function Action({ id }: { id: string }) {
  const { data } = query.useQuery('get', '/actions/{action}', { params: { path: { action: id } } }, { retry: false })
  return (
    <div>
      <Text size="sm">
        <Anchor component={Link} to={to.action(id)} size="sm" underline="always" className="g-mono">
          {id}
        </Anchor>
        {data && ` · ${data.title}`}
        {data?.integration_title && ` · ${data.integration_title}`}
        {data && ` · ${effects[data.effect]}`}
      </Text>
      {data?.description && (
        <Text size="sm" className="g-quiet" lineClamp={4}>
          {data.description}
        </Text>
      )}
    </div>
  )
}
