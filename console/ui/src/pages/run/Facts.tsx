import { Anchor, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { startedBy } from '../runs/words'
import type { Run } from './RunPage'

/** What a run is: of what, for whom, since when, and what it has to do with other runs. */
export function RunFacts({ run, ended }: { run: Run; ended: boolean }) {
  return (
    <Stack gap={6}>
      <Group gap="6px 24px" component="dl" m={0}>
        <Fact name="Workflow">
          <Anchor component={Link} to={to.workflow(run.workflow)} size="sm">
            {run.workflow}
          </Anchor>{' '}
          <Text span size="xs" className="g-quiet g-mono">
            version {run.version}
          </Text>
        </Fact>
        <Fact name="Organisation">
          <Anchor component={Link} to={to.organisation(run.organisation)} size="sm">
            {run.organisation_name || run.organisation}
          </Anchor>
        </Fact>
        <Fact name="Started by">{startedBy(run)}</Fact>
        <Fact name="Started">
          <When at={run.started_at ?? run.created_at} />
        </Fact>
        <Fact name={ended ? 'Lasted' : 'Going on for'}>
          <Lasted run={run} />
        </Fact>
        <Fact name="Run">
          <Group gap={2} wrap="nowrap" display="inline-flex">
            <Text span size="xs" className="g-mono">
              {run.id}
            </Text>
            <Copy text={run.id} label="Copy the run's id" />
          </Group>
        </Fact>
      </Group>
      <Relations run={run} />
    </Stack>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" className="g-quiet">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0}>
        {children}
      </Text>
    </div>
  )
}

function Lasted({ run }: { run: Run }) {
  const now = useNow()
  return <>{took(run.started_at, run.finished_at, now) || 'not begun'}</>
}

/** How it hangs together with other runs, and what people did to it. */
function Relations({ run }: { run: Run }) {
  const children = [...new Map((run.tasks ?? []).filter(t => t.run).map(t => [t.run, t])).values()]
  const told: ReactNode[] = []
  if (run.parent)
    told.push(
      <>
        Part of <RunLink id={run.parent} />
      </>,
    )
  if (run.rerun_of)
    told.push(
      <>
        Repeats <RunLink id={run.rerun_of} />
      </>,
    )
  if (children.length > 0)
    told.push(
      <>
        Runs of its sub-workflows:{' '}
        {children.slice(0, 8).map(t => (
          <RunLink key={t.run} id={t.run ?? ''} label={t.instance > 1 ? `${t.name} ${t.instance}` : t.name} />
        ))}
        {children.length > 8 && ` and ${children.length - 8} more`}
      </>,
    )
  for (const r of run.resumptions ?? [])
    told.push(
      <>
        Resumed by {r.by || 'somebody'} <When at={r.at} />
        {r.version && ` with version ${r.version}`}
        {r.edited?.length ? `, with other inputs for ${r.edited.join(', ')}` : ''}
      </>,
    )
  for (const r of run.resolutions ?? [])
    told.push(
      <>
        {r.by || 'Somebody'} said <When at={r.at} /> that {r.task}
        {r.item === undefined ? '' : ` (item ${r.item})`} {r.done ? 'was done' : 'was not done'}
      </>,
    )
  if (told.length === 0) return null
  return (
    <Group component="ul" gap="2px 16px" m={0} p={0} style={{ listStyle: 'none' }}>
      {told.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines stand in one order
        <Text key={i} component="li" size="xs" className="g-quiet">
          {line}
        </Text>
      ))}
    </Group>
  )
}

/** A link to another run, named by its workflow. */
export function RunLink({ id, label }: { id: string; label?: string }) {
  const other = query.useQuery(
    'get',
    '/runs/{run}',
    { params: { path: { run: id }, query: { results: 'none' } } },
    { enabled: label === undefined, staleTime: 'static', retry: false },
  )
  return (
    <Anchor component={Link} to={to.run(id)} size="xs" mr={6} underline="always">
      {label ?? other.data?.workflow ?? 'another run'}
    </Anchor>
  )
}
