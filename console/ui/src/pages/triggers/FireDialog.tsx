import { Anchor, Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { Loaded } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { EventToFire } from './EventToFire'
import { fire } from './fire'
import { beginWith, dataOf } from './madeUp'
import type { Event, Shown } from './shown'
import { usePast } from './usePast'

interface FireDialogProps {
  trigger: Shown
  onClose: () => void
}

/** Fires a trigger with an event that is made up: begun with the one that is looked at, or with the last one. */
export function FireDialog({ trigger, onClose }: FireDialogProps) {
  const past = usePast(trigger.workflow, trigger.trigger)
  const title = trigger.form ? `Fill in “${trigger.trigger}”` : `Fire “${trigger.trigger}” by hand`
  return (
    <Modal opened onClose={onClose} title={title} size="xl">
      <Loaded of={past}>{({ events }) => <FireForm trigger={trigger} past={events ?? []} onClose={onClose} />}</Loaded>
    </Modal>
  )
}

function FireForm({ trigger, past, onClose }: FireDialogProps & { past: Event[] }) {
  const [params, setParams] = useSearchParams()
  const covers = (trigger.covers ?? []).filter(c => c.enabled)
  const [begun] = useState(() => past.find(e => e.id === params.get('event')) ?? (trigger.form ? undefined : past[0]))
  const [organisation, setOrganisation] = useState(
    () => (covers.find(c => c.slug === begun?.organisation) ?? covers[0])?.slug ?? '',
  )
  const [event, setEvent] = useState(() => beginWith(trigger, begun, new Date()))
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const data = dataOf(trigger, event)

  const send = async () => {
    setBusy(true)
    setError(null)
    try {
      const id = await fire(trigger, event, organisation)
      tell.done(trigger.form ? 'Sent' : 'Fired')
      onClose()
      if (id) setParams({ trigger: trigger.trigger, event: id })
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
        maw={480}
        nothingFoundMessage="It fires for no organisation with this in its name"
        description={covers.length === 0 ? 'It fires for nobody: switch it on first' : undefined}
      />
      {trigger.type === 'always_pass' && <WithoutData workflow={trigger.workflow} />}
      <EventToFire trigger={trigger} past={past} event={event} onChange={setEvent} error={error} />
      <Reality />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button onClick={() => void send()} loading={busy} disabled={data === undefined || organisation === ''}>
          {trigger.form ? 'Send' : 'Fire'}
        </Button>
      </Group>
    </Stack>
  )
}

function WithoutData({ workflow }: { workflow: string }) {
  return (
    <Text size="sm">
      Its run gets the inputs that the file gives it.{' '}
      <Anchor component={Link} to={to.test(workflow)} size="sm">
        Give it others
      </Anchor>
    </Text>
  )
}

function Reality() {
  const server = query.useQuery('get', '/server', {}, { staleTime: Number.POSITIVE_INFINITY })
  return (
    <Text size="sm" className="g-quiet">
      {server.data?.sandbox
        ? 'The run that it starts works in the sandbox: nothing reaches anybody.'
        : 'The run that it starts is real: its tasks do what they do.'}
    </Text>
  )
}
