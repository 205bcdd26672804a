import { Group, Paper, Stack, Tabs } from '@mantine/core'
import { useMemo } from 'react'
import type { Outline } from '~/parts/graph'
import { ResolveButton } from '../actions/ResolveButton'
import { type Stage, type Unit, useTimeline } from '../asked'
import { handled, type Lost } from '../lost'
import { usePlace } from '../place'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { ErrorBox } from './ErrorBox'
import { ItemHead } from './ItemHead'
import { type Item, itemsOf } from './items'
import { type Attempt, TaskAttempts } from './TaskAttempts'
import { TaskContext } from './TaskContext'
import { TaskHead } from './TaskHead'
import { TaskInputs } from './TaskInputs'
import { TaskItems } from './TaskItems'
import { TaskPublished } from './TaskPublished'
import { TaskRequests } from './TaskRequests'
import { TaskResult } from './TaskResult'

interface TaskPanelProps {
  run: Run
  execution: Execution
  executions: Execution[]
  lost: Lost[]
  stage: Stage
  outline?: Outline | null
}

/** All about one execution of a task, or about one item of its for_each. */
export function TaskPanel({ run, execution: e, executions, lost, stage, outline }: TaskPanelProps) {
  const [place] = usePlace()
  const item = place.item !== '' && e.items !== undefined ? Number(place.item) : undefined
  const unit: Unit = { task: e.name, instance: e.instance, item }
  const here = { ...stage, stage: `${stage.stage} ${e.status}` }
  const retried = e.attempts > 1 && (!e.items || item !== undefined)
  const { data: timeline } = useTimeline(here, e.name, retried || e.items !== undefined || !!e.error)
  const items = useMemo(() => (timeline ? itemsOf(timeline, e.exec) : []), [timeline, e.exec])
  const attempts = timeline?.attempts?.filter(a => a.exec === e.exec && a.item === item) ?? []
  const at = item === undefined ? undefined : items.find(i => i.item === item)
  const write = lost.find(l => l.exec === e.exec && l.item === item)
  return (
    <Paper component="section" aria-label={`Task ${e.name}`}>
      <Stack gap="sm">
        <TaskHead execution={e} executions={executions} task={outline?.tasks?.find(t => t.name === e.name)} />
        {item === undefined && e.error && <ErrorBox error={e.error} handled={handled(e, timeline, outline)} />}
        {item !== undefined && <ItemHead position={item} item={at} />}
        {write && (
          <Group>
            <ResolveButton
              run={run.id}
              write={write}
              label={write.said ? 'Say something else of it' : 'Say what became of it'}
            />
          </Group>
        )}
        <TaskTabs
          stage={here}
          execution={e}
          unit={unit}
          item={at}
          attempts={retried ? attempts : []}
          outline={outline}
        />
      </Stack>
    </Paper>
  )
}

interface TaskTabsProps {
  stage: Stage
  execution: Execution
  unit: Unit
  item?: Item
  /** Where there was more than one. */
  attempts: Attempt[]
  outline?: Outline | null
}

function TaskTabs({ stage, execution: e, unit, item, attempts, outline }: TaskTabsProps) {
  const [place, go] = usePlace()
  const first = e.items && unit.item === undefined ? 'items' : 'result'
  const again = attempts.length > 1
  const part = place.part === 'attempts' && !again ? first : place.part || first
  return (
    <Tabs value={part} onChange={p => go({ part: p ?? '' })} keepMounted={false} variant="pills">
      <Tabs.List>
        {e.items && <Tabs.Tab value="items">Items ({e.items.all.toLocaleString('en-GB')})</Tabs.Tab>}
        <Tabs.Tab value="result">Result</Tabs.Tab>
        <Tabs.Tab value="inputs">Inputs</Tabs.Tab>
        {again && <Tabs.Tab value="attempts">Attempts ({attempts.length})</Tabs.Tab>}
        <Tabs.Tab value="requests">Requests</Tabs.Tab>
        <Tabs.Tab value="published">Published</Tabs.Tab>
        <Tabs.Tab value="context">What it saw</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="items" pt="sm">
        <TaskItems stage={stage} execution={e} />
      </Tabs.Panel>
      <Tabs.Panel value="result" pt="sm">
        <TaskResult stage={stage} execution={e} unit={unit} item={item} />
      </Tabs.Panel>
      <Tabs.Panel value="inputs" pt="sm">
        <TaskInputs stage={stage} execution={e} unit={unit} />
      </Tabs.Panel>
      <Tabs.Panel value="attempts" pt="sm">
        <TaskAttempts attempts={attempts} />
      </Tabs.Panel>
      <Tabs.Panel value="requests" pt="sm">
        <TaskRequests stage={stage} execution={e} item={unit.item} />
      </Tabs.Panel>
      <Tabs.Panel value="published" pt="sm">
        <TaskPublished stage={stage} execution={e} outline={outline} />
      </Tabs.Panel>
      <Tabs.Panel value="context" pt="sm">
        <TaskContext stage={stage} execution={e} />
      </Tabs.Panel>
    </Tabs>
  )
}
