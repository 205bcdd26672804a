import { Button, Checkbox, Group, Modal, Paper, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { CodeEditor } from '~/parts/code'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { sampleData } from './kinds'
import type { Event, Shown } from './shown'

interface FireDialogProps {
  trigger: Shown
  onClose: () => void
}

/** Fires a trigger with data that can be edited, beginning with that of its last event. */
export function FireDialog({ trigger, onClose }: FireDialogProps) {
  const last = query.useQuery('get', '/trigger-events', {
    params: { query: { workflow: trigger.workflow, trigger: trigger.trigger, limit: 1 } },
  })
  return (
    <Modal opened onClose={onClose} title={`Fire “${trigger.trigger}” by hand`} size="xl">
      <Loaded of={last}>{({ events }) => <FireForm trigger={trigger} last={events?.[0]} onClose={onClose} />}</Loaded>
    </Modal>
  )
}

function FireForm({ trigger, last, onClose }: FireDialogProps & { last: Event | undefined }) {
  const [, setParams] = useSearchParams()
  const covers = (trigger.covers ?? []).filter(c => c.enabled)
  const [organisation, setOrganisation] = useState(last?.organisation ?? covers[0]?.slug ?? '')
  const [text, setText] = useState(() =>
    JSON.stringify(last?.data ?? sampleData(trigger.type, new Date()), undefined, 2),
  )
  const [skip, setSkip] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const server = query.useQuery('get', '/server', {}, { staleTime: Number.POSITIVE_INFINITY })
  const data = readObject(text)

  const fire = async () => {
    setBusy(true)
    setError(null)
    try {
      const { data: fired } = await api.POST('/triggers/{workflow}/{trigger}/fire', {
        params: { path: { workflow: trigger.workflow, trigger: trigger.trigger } },
        body: { organisations: [organisation], data, skip_when: skip },
      })
      tell.done('Fired')
      await refresh('triggers')
      onClose()
      const event = fired?.events?.[0]?.id
      if (event) setParams({ trigger: trigger.trigger, event })
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <Stack gap="sm">
      <Select
        label="For"
        data={covers.map(c => ({ value: c.slug, label: c.name }))}
        value={organisation}
        onChange={v => v && setOrganisation(v)}
        searchable
        limit={60}
        allowDeselect={false}
        nothingFoundMessage="It fires for no organisation with this in its name"
        description={covers.length === 0 ? 'It fires for nobody: switch it on first' : undefined}
      />
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          Data of the event
        </Text>
        <Text size="xs" className="g-quiet">
          {last
            ? 'This is what the last event brought. Change it as you like.'
            : 'What the expressions of the trigger see.'}
        </Text>
        <Paper p={0} style={{ overflow: 'hidden' }}>
          <CodeEditor value={text} onChange={setText} language="json" label="Data of the event as JSON" height={260} />
        </Paper>
        {data === undefined && (
          <Text size="sm" role="alert">
            This is no JSON object yet, such as {'{"body": {"id": 7}}'}.
          </Text>
        )}
      </Stack>
      <Checkbox
        checked={skip}
        onChange={e => setSkip(e.currentTarget.checked)}
        label="Whatever the condition (when) says"
        disabled={!trigger.when}
      />
      <Text size="sm" className="g-quiet">
        {server.data?.sandbox
          ? 'The run that it starts works in the sandbox: nothing reaches anybody.'
          : 'The run that it starts is real: its tasks do what they do.'}
      </Text>
      <Problem error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button onClick={() => void fire()} loading={busy} disabled={data === undefined || organisation === ''}>
          Fire
        </Button>
      </Group>
    </Stack>
  )
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
