import { Anchor, Badge, Group, Paper, Select, Stack, Tabs, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import type { Outline } from '~/parts/graph'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { ResolveButton } from '../actions/ResolveButton'
import type { Stage, Unit } from '../asked'
import { usePlace } from '../place'
import type { Run } from '../RunPage'
import type { Execution } from '../steps'
import { ErrorBox } from './ErrorBox'
import { TaskContext } from './TaskContext'
import { TaskInputs } from './TaskInputs'
import { TaskItems } from './TaskItems'
import { TaskPublished } from './TaskPublished'
import { TaskRequests } from './TaskRequests'
import { TaskResult } from './TaskResult'

interface TaskPanelProps {
  run: Run
  execution: Execution
  executions: Execution[]
  stage: Stage
  outline?: Outline | null
}

/** All about one execution of a task, or about one item of its for_each. */
export function TaskPanel({ run, execution: e, executions, stage, outline }: TaskPanelProps) {
  const [place, go] = usePlace()
  const item = place.item !== '' && e.items !== undefined ? Number(place.item) : undefined
  const unit: Unit = { task: e.name, instance: e.instance, item }
  const task = outline?.tasks?.find(t => t.name === e.name)
  const part = place.part || (e.items && item === undefined ? 'items' : 'result')
  const here = { ...stage, stage: `${stage.stage} ${e.status}` }
  return (
    <Paper component="section" aria-label={`Task ${e.name}`}>
      <Stack gap="sm">
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
        {item === undefined && e.error && <ErrorBox error={e.error} handled={run.error?.task !== e.name} />}
        <ResolveButton run={run} execution={e} item={item} stage={here} />
        {item !== undefined && (
          <Group gap="xs">
            <Badge>Item {item}</Badge>
            <Anchor component="button" type="button" size="sm" onClick={() => go({ item: '', part: 'items' })}>
              All items
            </Anchor>
          </Group>
        )}
        <Tabs value={part} onChange={p => go({ part: p ?? '' })} keepMounted={false} variant="pills">
          <Tabs.List>
            {e.items && <Tabs.Tab value="items">Items ({e.items.all.toLocaleString('en-GB')})</Tabs.Tab>}
            <Tabs.Tab value="result">Result</Tabs.Tab>
            <Tabs.Tab value="inputs">Inputs</Tabs.Tab>
            <Tabs.Tab value="requests">Requests</Tabs.Tab>
            <Tabs.Tab value="published">Published</Tabs.Tab>
            <Tabs.Tab value="context">What it saw</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="items" pt="sm">
            <TaskItems stage={here} execution={e} />
          </Tabs.Panel>
          <Tabs.Panel value="result" pt="sm">
            <TaskResult stage={here} execution={e} unit={unit} />
          </Tabs.Panel>
          <Tabs.Panel value="inputs" pt="sm">
            <TaskInputs stage={here} execution={e} unit={unit} />
          </Tabs.Panel>
          <Tabs.Panel value="requests" pt="sm">
            <TaskRequests stage={here} execution={e} item={item} />
          </Tabs.Panel>
          <Tabs.Panel value="published" pt="sm">
            <TaskPublished stage={here} execution={e} outline={outline} />
          </Tabs.Panel>
          <Tabs.Panel value="context" pt="sm">
            <TaskContext stage={here} execution={e} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Paper>
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
      {e.subrun && (
        <Anchor component={Link} to={to.run(e.subrun)} size="xs">
          Its run of the sub-workflow
        </Anchor>
      )}
    </Group>
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
