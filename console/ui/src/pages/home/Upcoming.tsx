import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { Loaded } from '~/parts/Page'
import { When } from '~/parts/When'

/** What fires next. */
export function Upcoming() {
  const schedules = query.useQuery('get', '/schedules', { params: { query: { limit: 6 } } })
  return (
    <Paper component="section" aria-label="Next schedules">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Next</Title>
        <Anchor component={Link} to="/triggers" size="sm">
          All triggers
        </Anchor>
      </Group>
      <Loaded of={schedules} lines={3}>
        {data =>
          data.schedules?.length ? (
            <Stack gap={6}>
              {data.schedules.map(s => (
                <Group key={`${s.workflow} ${s.trigger}`} justify="space-between" wrap="nowrap" gap="xs">
                  <Anchor component={Link} to={to.trigger(s.workflow, s.trigger)} size="sm" truncate>
                    {s.title || s.workflow}
                  </Anchor>
                  <When at={s.at} size="xs" />
                </Group>
              ))}
            </Stack>
          ) : (
            <Text size="sm" className="g-quiet">
              No trigger is on that fires by time.
            </Text>
          )
        }
      </Loaded>
    </Paper>
  )
}
