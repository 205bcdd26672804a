import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded } from '~/parts/Page'
import { When } from '~/parts/When'

const shown = 5

/** The questions that runs wait for. */
export function WaitingForPeople({ organisation }: { organisation: string }) {
  const asks = query.useQuery('get', '/asks', organisation ? { params: { query: { organisation } } } : {})
  const name = useOrganisationName()
  return (
    <Paper component="section" aria-label="Waiting for somebody">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Waiting for somebody</Title>
        <Anchor component={Link} to="/waiting" size="sm">
          All
        </Anchor>
      </Group>
      <Loaded of={asks} lines={3}>
        {data =>
          data.asks?.length ? (
            <Stack gap="xs">
              {data.asks.slice(0, shown).map(a => (
                <Stack key={`${a.run}${a.task}${a.item ?? ''}`} gap={0}>
                  <Anchor component={Link} to={to.ask(a.run, a.task)} size="sm" fw={550} lineClamp={2}>
                    {a.question}
                  </Anchor>
                  <Text size="xs" className="g-quiet">
                    {name(a.organisation)}, <When at={a.since} size="inherit" />
                  </Text>
                </Stack>
              ))}
            </Stack>
          ) : (
            <Text size="sm" className="g-quiet">
              No run waits for an answer.
            </Text>
          )
        }
      </Loaded>
    </Paper>
  )
}
