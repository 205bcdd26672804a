import { Anchor, Group, Select, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import type { OutlineTask } from '~/parts/graph'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { usePlace } from '../place'
import type { Execution } from '../steps'

interface TaskHeadProps {
  execution: Execution
  executions: Execution[]
  /** As the workflow has it. */
  task?: OutlineTask
}

/** What an execution of a task is, and how it stands. */
export function TaskHead({ execution: e, executions, task }: TaskHeadProps) {
  return (
    <Stack gap={4}>
      <Group gap="sm" justify="space-between" align="flex-start">
        <Group gap="xs">
          <Title order={2}>{e.title || task?.title || e.name}</Title>
          <Status status={e.status} />
        </Group>
        <Instances execution={e} executions={executions} />
      </Group>
      <TaskFacts execution={e} workflow={task?.workflow} />
    </Stack>
  )
}

function TaskFacts({ execution: e, workflow }: { execution: Execution; workflow?: string }) {
  const now = useNow()
  const isAction = e.action?.includes('.') ?? false
  return (
    <Group gap="2px 16px">
      {e.title && (
        <Text size="xs" className="g-mono g-quiet">
          {e.name}
        </Text>
      )}
      {isAction && e.action && (
        <Anchor component={Link} to={to.action(e.action)} size="xs" className="g-mono">
          {e.action}
        </Anchor>
      )}
      {(workflow || (e.action && !isAction)) && (
        <Anchor component={Link} to={to.workflow(workflow ?? e.action ?? '')} size="xs" className="g-mono">
          {workflow ?? e.action}
        </Anchor>
      )}
      {e.startedAt && (
        <Text size="xs" className="g-quiet" component="span">
          <When at={e.startedAt} size="xs" /> · {e.finishedAt ? 'lasted' : 'for'} {took(e.startedAt, e.finishedAt, now)}
        </Text>
      )}
      {e.attempts > 1 && (
        <Text size="xs" className="g-quiet">
          {e.attempts} attempts{e.items ? ' in all' : ''}
        </Text>
      )}
      {e.subrun && <SubRun id={e.subrun} />}
    </Group>
  )
}

/** The run of a sub-workflow. */
export function SubRun({ id }: { id: string }) {
  return (
    <Anchor component={Link} to={to.run(id)} size="xs">
      Its run of the sub-workflow
    </Anchor>
  )
}

function Instances({ execution: e, executions }: { execution: Execution; executions: Execution[] }) {
  const [, go] = usePlace()
  const own = executions.filter(o => o.name === e.name)
  if (own.length < 2) return null
  return (
    <Select
      size="xs"
      w={170}
      aria-label={`Which execution of ${e.name}`}
      data={own.map(o => ({
        value: String(o.instance),
        label: `Execution ${o.instance} of ${own.length}: ${o.status}`,
      }))}
      value={String(e.instance)}
      onChange={instance => go({ task: e.name, instance: instance ?? '', item: '' })}
      allowDeselect={false}
    />
  )
}
