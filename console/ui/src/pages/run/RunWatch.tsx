import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useThrottledValue } from '@mantine/hooks'
import { IconExternalLink } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { DataView } from '~/parts/DataView'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { hasEnded } from '~/parts/status'
import { took } from '~/parts/time'
import { useNow } from '~/parts/When'
import { useText } from './asked'
import { Failure } from './Failure'
import { useLiveRun } from './live'
import { Overview } from './Overview'
import type { Run } from './RunPage'
import { executionsOf } from './steps'

/** A run within another page: its tasks live, and its outputs at the end. */
export function RunWatch({ id }: { id: string }) {
  const run = query.useQuery('get', '/runs/{run}', { params: { path: { run: id }, query: { results: 'none' } } })
  return <Loaded of={run}>{told => <Watched run={told} />}</Loaded>
}

function Watched({ run }: { run: Run }) {
  const { executions, status, stage, outline } = useRunState(run)
  const now = useNow()
  return (
    <Stack component="section" aria-label="The run">
      <Group gap="sm">
        <Title order={2}>The run</Title>
        <span role="status">
          <Status status={status} size="lg" />
        </span>
        <Text size="sm" className="g-quiet">
          {took(run.started_at, run.finished_at, now)}
        </Text>
        <Button
          component={Link}
          to={to.run(run.id)}
          variant="subtle"
          size="compact-sm"
          rightSection={<IconExternalLink size={14} stroke={1.6} aria-hidden />}
        >
          All about this run
        </Button>
      </Group>
      <Failure run={run} status={status} executions={executions} />
      {hasEnded(status) && run.outputs && Object.keys(run.outputs).length > 0 && (
        <Paper component="section" aria-label="Outputs">
          <Title order={3} mb="xs">
            Outputs
          </Title>
          <DataView value={run.outputs} label="Outputs" />
        </Paper>
      )}
      <Overview run={run} executions={executions} stage={stage} outline={outline} />
      {run.parent && (
        <Anchor component={Link} to={to.run(run.parent)} size="sm">
          The run that it is part of
        </Anchor>
      )}
    </Stack>
  )
}

/** How a run stands: what was read of it, with what is heard of it since. */
export function useRunState(run: Run) {
  const live = useLiveRun(run.id, `${hasEnded(run.status)} ${run.resumptions?.length ?? 0}`)
  const status = live.update && !hasEnded(run.status) ? live.update.status : run.status
  const steps = live.steps
  const executions = useMemo(() => executionsOf(run.tasks ?? [], steps), [run.tasks, steps])
  const text = useText(run.id, run.version)
  const ended = hasEnded(status)
  const said = (run.resolutions?.length ?? 0) + (run.resumptions?.length ?? 0)
  const paced = useThrottledValue(live.update?.seq ?? 0, 1500)
  const stage = { run: run.id, stage: ended ? `${run.finished_at} ${said}` : String(paced) }
  return { live, status, ended, executions, text, outline: text.data?.outline, stage }
}
