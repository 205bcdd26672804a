import { Box, Paper, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useMemo } from 'react'
import { type Outline, WorkflowGraph } from '~/parts/graph'
import { Coming } from '~/parts/Page'
import { type Stage, useTimeline } from './asked'
import type { Lost } from './lost'
import { usePlace } from './place'
import type { Run } from './run'
import { chosen, type Execution, firstLook, statesOf, waysOf } from './steps'
import { TaskList } from './TaskList'
import { TaskPanel } from './task/TaskPanel'

interface OverviewProps {
  run: Run
  executions: Execution[]
  lost: Lost[]
  stage: Stage
  /** Not there for people who may not read the workflow's text. */
  outline?: Outline | null
}

/** The tasks as a graph or a list, and beside it all about one of them. */
export function Overview({ run, executions, lost, stage, outline }: OverviewProps) {
  const [place, go] = usePlace()
  const narrow = useMediaQuery('(max-width: 62em)')
  const asList = place.view === 'list' || !outline
  const execution = place.task ? chosen(executions, place.task, place.instance) : firstLook(executions, run.error?.task)
  const select = (task: string | null, instance = '') =>
    task && go({ task, instance, item: '', part: place.task === task ? place.part : '' })
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
      <Stack gap="xs" miw={0}>
        {outline && (
          <SegmentedControl
            size="xs"
            w="fit-content"
            aria-label="How the tasks are shown"
            value={asList ? 'list' : 'graph'}
            onChange={view => go({ view: view === 'list' ? 'list' : '' })}
            data={[
              { value: 'graph', label: 'Graph' },
              { value: 'list', label: 'List' },
            ]}
          />
        )}
        {!asList && outline ? (
          <RunGraph
            outline={outline}
            executions={executions}
            stage={stage}
            selected={execution?.name ?? null}
            onSelect={select}
            height={narrow ? 340 : 560}
          />
        ) : (
          <TaskList
            executions={executions}
            selected={execution?.exec}
            onSelect={e => select(e.name, String(e.instance))}
          />
        )}
      </Stack>
      <Box miw={0}>
        {execution?.silent ? (
          <Coming lines={6} />
        ) : execution ? (
          <TaskPanel
            run={run}
            execution={execution}
            executions={executions}
            lost={lost}
            stage={stage}
            outline={outline}
          />
        ) : (
          <Paper>
            <Text size="sm" className="g-quiet">
              {place.task ? `${place.task} has not run.` : 'No task has begun yet.'}
            </Text>
          </Paper>
        )}
      </Box>
    </SimpleGrid>
  )
}

interface RunGraphProps {
  outline: Outline
  executions: Execution[]
  stage: Stage
  selected: string | null
  onSelect: (task: string | null) => void
  height: number
}

/** The workflow with how each task stands, and the ways that the run took. */
export function RunGraph({ outline, executions, stage, selected, onSelect, height }: RunGraphProps) {
  const timeline = useTimeline(stage)
  const states = useMemo(() => statesOf(executions), [executions])
  const ways = useMemo(() => waysOf(timeline.data?.taken), [timeline.data])
  return (
    <WorkflowGraph
      label="The run's tasks"
      outline={outline}
      states={states}
      taken={ways}
      selected={selected}
      onSelect={onSelect}
      height={height}
    />
  )
}
