import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { HintLine } from '~/parts/HintLine'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'

const shown = 6

/** The runs that failed last, each with its error and what to do about it. */
export function Failures({ organisation }: { organisation: string }) {
  const within = organisation ? { organisation } : {}
  const failed = query.useQuery('get', '/runs', { params: { query: { status: 'failed', limit: shown, ...within } } })
  const late = query.useQuery('get', '/runs', { params: { query: { status: 'timed_out', limit: shown, ...within } } })
  return (
    <Paper component="section" aria-label="Failures">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Failures</Title>
        <Anchor
          component={Link}
          to={`/runs?status=failed${organisation ? `&organisation=${organisation}` : ''}`}
          size="sm"
        >
          All that failed
        </Anchor>
      </Group>
      <Loaded of={failed} lines={4}>
        {data => <Listed runs={latest([...(data.runs ?? []), ...(late.data?.runs ?? [])])} />}
      </Loaded>
    </Paper>
  )
}

function latest(runs: Schemas['Run'][]): Schemas['Run'][] {
  return runs.sort((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, shown)
}

function Listed({ runs }: { runs: Schemas['Run'][] }) {
  const name = useOrganisationName()
  if (runs.length === 0)
    return (
      <Group gap="xs" c="var(--g-good)">
        <IconCircleCheck size={18} aria-hidden />
        <Text size="sm">No run that is kept has failed.</Text>
      </Group>
    )
  return (
    <Stack gap="sm">
      {runs.map(run => (
        <Stack key={run.id} gap={2}>
          <Group gap="xs" wrap="wrap">
            <Status status={run.status} />
            <Anchor component={Link} to={to.run(run.id)} size="sm" fw={550}>
              {run.workflow}
            </Anchor>
            <Text size="sm" className="g-quiet">
              for {name(run.organisation)}
            </Text>
            <When at={run.finished_at ?? run.created_at} size="xs" />
          </Group>
          {run.error && (
            <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
              {run.error.message}
              {run.error.hint && (
                <span className="g-quiet">
                  {' '}
                  <HintLine hint={run.error.hint} />
                </span>
              )}
            </Text>
          )}
        </Stack>
      ))}
    </Stack>
  )
}
