import { Anchor, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { lookOf } from '~/parts/status'
import { When } from '~/parts/When'
import { handles, partOf, type Run } from './run'

/** How a run hangs together with other runs, and what people did to it. */
export function Relations({ run }: { run: Run }) {
  const told = [...otherRuns(run), ...peoplesWords(run)]
  if (told.length === 0) return null
  return (
    <Group
      component="ul"
      gap="2px 16px"
      m={0}
      p={0}
      style={{ listStyle: 'none' }}
      aria-label="Other runs, and what people did"
    >
      {told.map((line, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines stand in one order
        <Text key={i} component="li" size="xs" className="g-quiet">
          {line}
        </Text>
      ))}
    </Group>
  )
}

const most = 8

function otherRuns(run: Run): ReactNode[] {
  const caller = partOf(run)
  const failed = handles(run)
  const parts = [...new Map((run.tasks ?? []).filter(t => t.run).map(t => [t.run, t])).values()]
  return [
    caller && (
      <>
        Part of <RunLink id={caller} />
      </>
    ),
    failed && (
      <>
        Handles the failure of <RunLink id={failed} />
      </>
    ),
    ...(run.handled_by ?? []).map(handler => (
      <>
        Its failure was handled by <RunLink id={handler.id} label={handler.workflow} />({lookOf(handler.status).label})
      </>
    )),
    run.rerun_of && (
      <>
        Repeats <RunLink id={run.rerun_of} label="an earlier run" />
      </>
    ),
    parts.length > 0 && (
      <>
        Runs of its sub-workflows:{' '}
        {parts.slice(0, most).map(t => (
          <RunLink key={t.run} id={t.run ?? ''} label={t.instance > 1 ? `${t.name} ${t.instance}` : t.name} />
        ))}
        {parts.length > most && ` and ${parts.length - most} more`}
      </>
    ),
  ].filter(Boolean)
}

function peoplesWords(run: Run): ReactNode[] {
  return [
    ...(run.resumptions ?? []).map(r => (
      <>
        Resumed by {r.by || 'somebody'} <When at={r.at} size="inherit" />
        {r.version && ` with version ${r.version}`}
        {r.edited?.length ? `, with other inputs for ${r.edited.join(', ')}` : ''}
      </>
    )),
    ...(run.resolutions ?? []).map(r => (
      <>
        {r.by || 'Somebody'} said <When at={r.at} size="inherit" /> that {r.task}
        {r.item === undefined ? '' : ` (item ${r.item})`} {r.done ? 'was done' : 'was not done'}
      </>
    )),
  ]
}

/** A link to another run, named by its workflow. */
function RunLink({ id, label }: { id: string; label?: string }) {
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
