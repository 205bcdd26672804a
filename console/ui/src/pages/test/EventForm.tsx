import { Alert, Group, Stack, Text } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { Loaded } from '~/parts/Page'
import { sentence } from '~/parts/Problem'
import { EventToFire } from '../triggers/EventToFire'
import { fire } from '../triggers/fire'
import { beginWith, dataOf } from '../triggers/madeUp'
import type { Event, Shown } from '../triggers/shown'
import { usePast } from '../triggers/usePast'
import type { Subject } from './SetUp'

interface EventFormProps {
  subject: Subject
  trigger: string
  organisation: string
  onStarted: (run: string) => void
}

/** Fires a trigger with an event of its past or one that is made up, and tells what came of it. */
export function EventForm({ subject, trigger, organisation, onStarted }: EventFormProps) {
  const shown = query.useQuery('get', '/triggers/{workflow}/{trigger}', {
    params: { path: { workflow: subject.id, trigger } },
  })
  const past = usePast(subject.id, trigger)
  return (
    <Loaded of={shown} lines={3}>
      {t => (
        <Loaded of={past} lines={3}>
          {({ events }) => (
            <Fire key={trigger} trigger={t} past={events ?? []} organisation={organisation} onStarted={onStarted} />
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

interface FireProps extends Pick<EventFormProps, 'organisation' | 'onStarted'> {
  trigger: Shown
  past: Event[]
}

function Fire({ trigger, past, organisation, onStarted }: FireProps) {
  const [event, setEvent] = useState(() => beginWith(trigger, past[0], new Date()))
  const [error, setError] = useState<unknown>(null)
  const [outcome, setOutcome] = useState<Event | null>(null)
  const [busy, setBusy] = useState(false)
  const send = async () => {
    setBusy(true)
    setError(null)
    setOutcome(null)
    try {
      const id = await fire(trigger, event, organisation)
      if (!id) return
      const params = { path: { event: id }, query: { wait: true } }
      const decided = (await api.GET('/trigger-events/{event}', { params })).data
      await refresh('runs')
      if (decided?.run) onStarted(decided.run)
      else if (decided) setOutcome(decided)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="sm">
      {past.length === 0 && !trigger.form && (
        <Text size="sm" className="g-quiet">
          No event has come yet. Write what one would say: for a webhook its <code>body</code>, for a schedule the time
          that is <code>due</code>, for a poll the <code>entity</code>.
        </Text>
      )}
      <EventToFire trigger={trigger} past={past} event={event} onChange={setEvent} error={error} />
      <Group>
        <AllowedButton
          needs="operator"
          everywhere={false}
          loading={busy}
          disabled={!dataOf(trigger, event)}
          leftSection={<IconBolt size={16} stroke={1.6} aria-hidden />}
          onClick={() => void send()}
        >
          {trigger.form ? 'Send' : 'Fire'}
        </AllowedButton>
      </Group>
      {outcome && (
        <Alert color="orange" title={`No run began: the event is ${outcome.status}.`} role="status">
          {sentence(outcome.error?.message ?? outcome.why ?? 'nothing more is known')}
          {outcome.error?.hint && ` ${sentence(outcome.error.hint)}`}
        </Alert>
      )}
    </Stack>
  )
}
