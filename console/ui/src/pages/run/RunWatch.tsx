import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { DataView } from '~/parts/DataView'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { hasEnded } from '~/parts/status'
import { took } from '~/parts/time'
import { useNow } from '~/parts/When'
import { Failure } from './Failure'
import { Overview } from './Overview'
import type { Run } from './run'
import { useRunState } from './useRunState'

/** A run within another page: its tasks live, and its outputs at the end. */
export function RunWatch({ id }: { id: string }) {
  const run = query.useQuery('get', '/runs/{run}', { params: { path: { run: id }, query: { results: 'none' } } })
  return <Loaded of={run}>{told => <Watched run={told} />}</Loaded>
}

function Watched({ run }: { run: Run }) {
  const { executions, status, stage, outline, lost } = useRunState(run)
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
      <Failure run={run} status={status} executions={executions} lost={lost} />
      {hasEnded(status) && run.outputs && Object.keys(run.outputs).length > 0 && (
        <Paper component="section" aria-label="Outputs">
          <Title order={3} mb="xs">
            Outputs
          </Title>
          <DataView value={run.outputs} label="Outputs" />
        </Paper>
      )}
      <Overview run={run} executions={executions} lost={lost} stage={stage} outline={outline} />
      {run.parent && (
        <Anchor component={Link} to={to.run(run.parent)} size="sm">
          The run that it is part of
        </Anchor>
      )}
    </Stack>
  )
}
