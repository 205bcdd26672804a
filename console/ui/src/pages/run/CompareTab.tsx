import { Anchor, Badge, Group, Stack, Text } from '@mantine/core'
import { IconArrowsDiff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { api } from '~/api/client'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { ink } from '~/parts/ink'
import { type Column, List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { When } from '~/parts/When'
import { type Pair, pairs } from './compare'
import { Differences, ValuesDiffer } from './Differences'
import { usePlace } from './place'
import type { Run } from './run'
import type { Task } from './steps'

const whole = { results: 'small' } as const

/** The last run before this one that succeeded, of the same workflow for the same organisation. */
async function lastSuccess(run: Run): Promise<string | null> {
  const query = { workflow: run.workflow, organisation: run.organisation, status: 'succeeded', all: true, limit: 1 }
  const { data } = await api.GET('/runs', { params: { query: { ...query, before: run.id } } })
  return data?.runs?.[0]?.id ?? null
}

async function read(run: string): Promise<Run | null> {
  return (await api.GET('/runs/{run}', { params: { path: { run }, query: whole } })).data ?? null
}

/** This run beside the last one that succeeded: what each task did, and where inputs and results first differ. */
export function CompareTab({ run }: { run: Run }) {
  const [place] = usePlace()
  const compared = useQuery({
    queryKey: ['compared', run.id, run.finished_at, place.with],
    queryFn: async () => {
      const other = place.with || (await lastSuccess(run))
      if (!other) return null
      const [before, after] = await Promise.all([read(other), read(run.id)])
      return before && after ? { before, after } : null
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Loaded of={compared}>
      {both =>
        both ? (
          <SideBySide before={both.before} after={both.after} />
        ) : (
          <Empty icon={IconArrowsDiff} title="Nothing to compare with">
            No earlier run of this workflow has succeeded for this organisation. When one has, you see here which tasks
            went another way, and where what they were given and gave first differs.
          </Empty>
        )
      }
    </Loaded>
  )
}

function SideBySide({ before, after }: { before: Run; after: Run }) {
  const [place, go] = usePlace()
  const rows = pairs(before.tasks ?? [], after.tasks ?? [])
  const named = rows.filter(r => r.name === place.task)
  const shown = named.find(r => String(r.instance) === place.instance) ?? named.at(-1) ?? rows.find(differs)
  const open = (r: Pair<Task>) => go({ task: r.name, instance: String(r.instance), item: '', part: '' })
  const columns: Column<Pair<Task>>[] = [
    { label: 'Task', cell: r => <TaskName row={r} current={r === shown} onOpen={() => open(r)} /> },
    { label: 'The success', cell: r => <Side task={r.before} /> },
    { label: 'This run', cell: r => <Side task={r.after} /> },
    { label: 'Result', cell: r => <ResultSays row={r} /> },
  ]
  return (
    <Stack>
      <Text size="sm">
        Compared with{' '}
        <Anchor component={Link} to={to.run(before.id)} size="sm" underline="always">
          the run that succeeded
        </Anchor>{' '}
        <When at={before.started_at} />
        {before.version === after.version
          ? ', of the same version of the workflow.'
          : `, of version ${before.version} of the workflow; this one ran ${after.version}.`}
      </Text>
      <Differences title="Inputs of the run" before={before.inputs} after={after.inputs} path="inputs" />
      <List label="Tasks of both runs" rows={rows} columns={columns} id={keyOf} />
      {shown && <ValuesDiffer pair={shown} before={before.id} after={after.id} />}
    </Stack>
  )
}

function keyOf(row: Pair<unknown>): string {
  return `${row.name} ${row.instance}`
}

function differs(row: Pair<Task>): boolean {
  return row.before?.status !== row.after?.status || !same(row)
}

function same(row: Pair<Task>): boolean {
  return JSON.stringify(row.before?.result) === JSON.stringify(row.after?.result)
}

function TaskName({ row, current, onOpen }: { row: Pair<Task>; current: boolean; onOpen: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" fw={current ? 650 : undefined} onClick={onOpen}>
      {row.name}
      {row.instance > 1 && ` · ${row.instance}`}
    </Anchor>
  )
}

function Side({ task }: { task?: Task }) {
  if (!task)
    return (
      <Text size="sm" className="g-quiet">
        did not run
      </Text>
    )
  return (
    <Group gap="xs">
      <Status status={task.status} />
      <Text size="xs" className="g-quiet">
        {task.finished_at ? took(task.started_at, task.finished_at, new Date(0)) : ''}
        {task.attempts > 1 && `, ${task.attempts} attempts`}
      </Text>
    </Group>
  )
}

function ResultSays({ row }: { row: Pair<Task> }) {
  if (!row.before || !row.after) return null
  if (row.before.result_bytes !== undefined || row.after.result_bytes !== undefined)
    return <Text size="sm">too large to compare at once</Text>
  return same(row) ? (
    <Text size="sm" className="g-quiet">
      the same
    </Text>
  ) : (
    <Badge color="orange" c={ink('orange')}>
      differs
    </Badge>
  )
}
