import { Alert, Button, Checkbox, Group, Select, Stack, Text } from '@mantine/core'
import { IconBolt, IconRepeat } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { CodeEditor } from '~/parts/code'
import { DataView } from '~/parts/DataView'
import { ink } from '~/parts/ink'
import { Loaded } from '~/parts/Page'
import { Problem, sentence } from '~/parts/Problem'
import { exactly } from '~/parts/time'
import type { Subject } from './SetUp'

type Event = Schemas['TriggersKept']

interface EventFormProps {
  subject: Subject
  trigger: string
  organisation: string
  onStarted: (run: string) => void
}

/** The last events of a trigger: one is fired again as it came, or with another body. */
export function EventForm({ subject, trigger, organisation, onStarted }: EventFormProps) {
  const params = { query: { workflow: subject.id, trigger, limit: 50, ...(organisation ? { organisation } : {}) } }
  const events = query.useQuery('get', '/trigger-events', { params })
  if (subject.text !== undefined)
    return (
      <Alert color="gray" title="A draft is tried with inputs.">
        Events go to what is published. Choose a trigger that is fired by hand, or publish the draft first.
      </Alert>
    )
  return (
    <Loaded of={events} lines={3}>
      {told => (
        <Fire
          key={`${trigger} ${organisation}`}
          subject={subject}
          trigger={trigger}
          organisation={organisation}
          onStarted={onStarted}
          events={told.events ?? []}
        />
      )}
    </Loaded>
  )
}

function Fire({ subject, trigger, organisation, onStarted, events }: EventFormProps & { events: Event[] }) {
  const [picked, setPicked] = useState(events[0]?.id ?? '')
  const event = events.find(e => e.id === picked)
  const [edited, setEdited] = useState<string | null>(events.length === 0 ? '{\n  "body": {}\n}\n' : null)
  const [skip, setSkip] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [outcome, setOutcome] = useState<Event | null>(null)
  const [busy, setBusy] = useState(false)
  const act = async (fire: () => Promise<string | undefined>) => {
    setBusy(true)
    setError(null)
    setOutcome(null)
    try {
      const id = await fire()
      if (!id) return
      const decided = (
        await api.GET('/trigger-events/{event}', { params: { path: { event: id }, query: { wait: true } } })
      ).data
      await refresh('runs', 'triggers')
      if (decided?.run) onStarted(decided.run)
      else if (decided) setOutcome(decided)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const refire = () =>
    act(async () => {
      const { data } = await api.POST('/trigger-events/{event}/refire', { params: { path: { event: picked } } })
      return data?.events?.[0]?.id
    })
  const fire = () =>
    act(async () => {
      const data = JSON.parse(edited ?? 'null') as Record<string, unknown>
      const body = { data, organisations: organisation ? [organisation] : undefined, skip_when: skip || undefined }
      const params = { path: { workflow: subject.id, trigger } }
      return (await api.POST('/triggers/{workflow}/{trigger}/fire', { params, body })).data?.events?.[0]?.id
    })
  const readable = edited === null || isObject(edited)
  return (
    <Stack gap="sm">
      {events.length > 0 ? (
        <Group align="flex-end" gap="sm">
          <Select
            w={380}
            maw="100%"
            label="One of its last events"
            data={events.map(e => ({ value: e.id, label: `${exactly(new Date(e.at))} · ${e.status}` }))}
            value={picked}
            onChange={value => {
              setPicked(value ?? '')
              setEdited(null)
            }}
            allowDeselect={false}
          />
          {edited === null && event && (
            <Button variant="default" onClick={() => setEdited(JSON.stringify(event.data, null, 2))}>
              Change what it says
            </Button>
          )}
        </Group>
      ) : (
        <Text size="sm" className="g-quiet">
          No event has come yet. Write what one would say: for a webhook its <code>body</code>, for a schedule the time
          that is <code>due</code>, for a poll the <code>entity</code>.
        </Text>
      )}
      {event?.why && edited === null && <Text size="sm">{sentence(event.why)}</Text>}
      {edited === null && event && <DataView value={event.data} label="The event" maxHeight={320} />}
      {edited !== null && (
        <CodeEditor value={edited} onChange={setEdited} language="json" label="The event as JSON" height={220} />
      )}
      {!readable && (
        <Text size="sm" c={ink('red')}>
          This is no JSON object yet.
        </Text>
      )}
      {edited !== null && (
        <Checkbox
          label="Whatever the trigger's condition says"
          checked={skip}
          onChange={e => setSkip(e.currentTarget.checked)}
        />
      )}
      <Group>
        {edited === null ? (
          <AllowedButton
            needs="operator"
            everywhere={false}
            loading={busy}
            disabled={!picked}
            leftSection={<IconRepeat size={16} stroke={1.6} aria-hidden />}
            onClick={() => void refire()}
          >
            Fire it again
          </AllowedButton>
        ) : (
          <AllowedButton
            needs="operator"
            everywhere={false}
            loading={busy}
            disabled={!readable}
            leftSection={<IconBolt size={16} stroke={1.6} aria-hidden />}
            onClick={() => void fire()}
          >
            Fire
          </AllowedButton>
        )}
      </Group>
      <Problem error={error} />
      {outcome && (
        <Alert color="orange" title={`No run began: the event is ${outcome.status}.`} role="status">
          {sentence(outcome.error?.message ?? outcome.why ?? 'nothing more is known')}
        </Alert>
      )}
    </Stack>
  )
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
