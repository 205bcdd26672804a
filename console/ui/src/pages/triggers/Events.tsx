import { Button, Chip, Grid, Group, Paper, Stack, Text, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useSearchParams } from 'react-router'
import { query } from '~/api/client'
import { useAddress } from '~/parts/address'
import { OrganisationPicker, useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'
import { EventDetail } from './EventDetail'
import { NoEvents } from './NoEvents'
import type { Event, Shown } from './shown'
import classes from './triggers.module.css'

const statuses = ['started', 'filtered', 'skipped', 'failed', 'pending'] as const
type EventStatus = (typeof statuses)[number]

/** What a trigger saw, newest first, and what became of each. */
export function Events({ trigger }: { trigger: Shown }) {
  const [status, setStatus] = useAddress('status')
  const [organisation, setOrganisation] = useAddress('organisation')
  const chosen = statuses.filter(s => s === status) as EventStatus[]
  const events = query.useInfiniteQuery(
    'get',
    '/trigger-events',
    {
      params: {
        query: {
          workflow: trigger.workflow,
          trigger: trigger.trigger,
          limit: 50,
          ...(organisation ? { organisation } : {}),
          ...(chosen.length > 0 ? { status: chosen } : {}),
        },
      },
    },
    { pageParamName: 'before', initialPageParam: '', getNextPageParam: page => page.next || undefined },
  )
  const narrowed = status !== '' || organisation !== ''
  return (
    <Stack gap="sm">
      <Group gap="sm" align="end">
        <Chip.Group value={status || 'all'} onChange={v => setStatus(v === 'all' ? null : String(v))}>
          <Group gap={6} role="group" aria-label="Which events">
            <Chip value="all" size="sm">
              all
            </Chip>
            {statuses.map(s => (
              <Chip key={s} value={s} size="sm">
                {s}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {(trigger.covers ?? []).length > 1 && (
          <OrganisationPicker
            label="Organisation"
            value={organisation}
            onChange={setOrganisation}
            none="all organisations"
            w={230}
          />
        )}
      </Group>
      <Loaded of={events}>
        {data => {
          const all = data.pages.flatMap(p => p.events ?? [])
          if (all.length === 0 && !narrowed) return <NoEvents trigger={trigger} />
          return (
            <TwoPanes
              trigger={trigger}
              events={all}
              more={events.hasNextPage ? () => void events.fetchNextPage() : undefined}
              loadingMore={events.isFetchingNextPage}
            />
          )
        }}
      </Loaded>
    </Stack>
  )
}

interface TwoPanesProps {
  trigger: Shown
  events: Event[]
  more?: () => void
  loadingMore: boolean
}

function TwoPanes({ trigger, events, more, loadingMore }: TwoPanesProps) {
  const [params, setParams] = useSearchParams()
  const phone = useMediaQuery('(max-width: 62em)')
  const chosen = params.get('event') ?? ''
  const id = chosen || (phone ? '' : (events[0]?.id ?? ''))
  const choose = (event: string) =>
    setParams(was => {
      const next = new URLSearchParams(was)
      if (event) next.set('event', event)
      else next.delete('event')
      return next
    })
  const list = <EventRows events={events} chosen={id} choose={choose} more={more} loadingMore={loadingMore} />
  const detail = id !== '' && <EventDetail key={id} id={id} trigger={trigger} events={events} />
  if (phone && detail)
    return (
      <Stack gap="sm">
        <Button variant="default" size="xs" onClick={() => choose('')} style={{ alignSelf: 'start' }}>
          All events
        </Button>
        {detail}
      </Stack>
    )
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 4 }}>{list}</Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>{detail}</Grid.Col>
    </Grid>
  )
}

interface EventRowsProps {
  events: Event[]
  chosen: string
  choose: (id: string) => void
  more?: () => void
  loadingMore: boolean
}

function EventRows({ events, chosen, choose, more, loadingMore }: EventRowsProps) {
  const nameOf = useOrganisationName()
  if (events.length === 0)
    return (
      <Text size="sm" className="g-quiet">
        No event fits what is looked for.
      </Text>
    )
  return (
    <Paper p={0}>
      <ul className={classes.events} aria-label="Events">
        {events.map(e => (
          <li key={e.id}>
            <UnstyledButton
              className={classes.event}
              aria-current={e.id === chosen ? 'true' : undefined}
              onClick={() => choose(e.id)}
            >
              <Group justify="space-between" gap={6} wrap="nowrap">
                <Status status={e.status} />
                <When at={e.at} size="xs" />
              </Group>
              <Text size="xs" mt={2}>
                {nameOf(e.organisation)}
              </Text>
              {(e.why || e.error) && (
                <Text size="xs" className="g-quiet" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
                  {e.error?.message ?? e.why}
                </Text>
              )}
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {more && (
        <Group justify="center" p="xs">
          <Button variant="default" size="xs" onClick={more} loading={loadingMore}>
            Show older ones
          </Button>
        </Group>
      )}
    </Paper>
  )
}
