import { Alert, Anchor, Code, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconFilter, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { DataView as DataTree } from '~/parts/DataView'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded } from '~/parts/Page'
import { sentence } from '~/parts/Problem'
import { Status } from '~/parts/Status'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import type { Event, Shown } from './shown'
import { type Picked, WhenBuilder } from './WhenBuilder'

interface EventDetailProps {
  id: string
  trigger: Shown
  /** Those that are shown beside it: what a new condition would make of them is told. */
  events: Event[]
}

/** One event: what came, what became of it and why, and how a condition is made of its values. */
export function EventDetail({ id, trigger, events }: EventDetailProps) {
  const [picked, setPicked] = useState<Picked[]>([])
  const event = query.useQuery('get', '/trigger-events/{event}', { params: { path: { event: id } } })
  return (
    <Loaded of={event}>
      {e => (
        <Stack gap="md">
          <Paper>
            <Stack gap="sm">
              <Outcome event={e} />
              <Why event={e} />
            </Stack>
          </Paper>
          <Paper>
            <Stack gap="xs">
              <Title order={2} size="h3">
                What came
              </Title>
              <Text size="sm" className="g-quiet">
                Choose a value to put it into the condition (when).
              </Text>
              <DataTree
                value={e.data}
                label="Data of the event"
                maxHeight={420}
                onPick={(path, value) => setPicked(was => [...was.filter(p => p.path !== path), { path, value }])}
              />
            </Stack>
          </Paper>
          {picked.length > 0 && (
            <WhenBuilder
              trigger={trigger}
              events={events}
              picked={picked}
              remove={path => setPicked(was => was.filter(p => p.path !== path))}
            />
          )}
        </Stack>
      )}
    </Loaded>
  )
}

function Outcome({ event: e }: { event: Event }) {
  const [, setParams] = useSearchParams()
  const nameOf = useOrganisationName()
  const again = async () => {
    try {
      const { data } = await api.POST('/trigger-events/{event}/refire', { params: { path: { event: e.id } } })
      const next = data?.events?.[0]?.id
      tell.done('Fired again')
      await refresh('triggers')
      if (next)
        setParams(was => {
          const params = new URLSearchParams(was)
          params.set('event', next)
          return params
        })
    } catch (error) {
      tell.failure(error)
    }
  }
  return (
    <Group justify="space-between" align="start" gap="sm">
      <Stack gap={4} style={{ flex: '1 1 220px' }}>
        <Group gap="xs" role="status">
          <Status status={e.status} />
          {e.run && (
            <Anchor component={Link} to={to.run(e.run)} size="sm">
              Look at the run
            </Anchor>
          )}
        </Group>
        <Text size="sm" component="div">
          For{' '}
          <Anchor component={Link} to={to.organisation(e.organisation)} size="sm" underline="always">
            {nameOf(e.organisation)}
          </Anchor>
          , <When at={e.at} />
          {e.by && `, fired by ${e.by}`}
          {e.skip_when && ', whatever the condition says'}
        </Text>
        <Text size="xs" className="g-quiet g-mono">
          {e.id}
          {e.again && ` repeats ${e.again}`}
        </Text>
      </Stack>
      <AllowedButton
        needs="operator"
        everywhere={false}
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={14} aria-hidden />}
        onClick={() => void again()}
      >
        Fire it again
      </AllowedButton>
    </Group>
  )
}

function Why({ event: e }: { event: Event }) {
  const saw = e.saw ?? []
  return (
    <>
      {e.error && (
        <Alert color="red" icon={<IconAlertTriangle />} title={e.error.message}>
          {e.error.hint && sentence(e.error.hint)}
        </Alert>
      )}
      {e.status === 'filtered' && saw.length > 0 ? (
        <Stack gap={4}>
          <Group gap={6}>
            <IconFilter size={16} stroke={1.6} aria-hidden />
            <Text size="sm" fw={550}>
              The condition was not true. It looked at:
            </Text>
          </Group>
          <Table withRowBorders={false} verticalSpacing={2} aria-label="What the condition looked at">
            <Table.Tbody>
              {saw.map(s => (
                <Table.Tr key={s.path}>
                  <Table.Td w="40%">
                    <Code>{s.path}</Code>
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>
                    <span className="g-mono">{s.value}</span>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      ) : (
        e.why && <Text size="sm">{sentence(e.why)}</Text>
      )}
      {e.status === 'pending' && (
        <Text size="sm">
          It is kept, and decided in a moment. If it stays so, an event before it cannot be decided now.
        </Text>
      )}
    </>
  )
}
