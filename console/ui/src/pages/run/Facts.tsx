import { Anchor, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { startedBy } from '../runs/words'
import { Relations } from './Relations'
import type { Run } from './run'

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
