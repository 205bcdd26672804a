import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { tell } from '~/parts/tell'

interface EndsProps {
  organisation: Schemas['OrganisationDetail']
  open: (what: 'move' | 'remove') => void
}

/** What changes where an organisation stands, and whether it is in use. */
export function Ends({ organisation: o, open }: EndsProps) {
  const [busy, setBusy] = useState(false)
  const turn = async () => {
    setBusy(true)
    try {
      await api.PATCH('/organisations/{org}', { params: { path: { org: o.slug } }, body: { enabled: !o.enabled } })
      tell.done(o.enabled ? `No runs begin for ${o.name} now.` : `Runs begin for ${o.name} again.`)
      await refresh('organisations')
    } catch (e) {
      tell.failure(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Paper component="section" aria-label="Move, switch off, remove">
      <Title order={2} mb="sm">
        Move, switch off, remove
      </Title>
      <Stack gap="md">
        <Deed text="Below another organisation it inherits that one's variables, secrets included.">
          <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={() => open('move')}>
            Move
          </AllowedButton>
        </Deed>
        <Deed
          text={
            o.enabled
              ? 'Switched off, no runs begin for it. Those that are going on finish.'
              : 'It is switched off: no runs begin for it.'
          }
        >
          <AllowedButton
            needs="admin"
            everywhere={false}
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => void turn()}
          >
            {o.enabled ? 'Switch off' : 'Switch on'}
          </AllowedButton>
        </Deed>
        <Deed text="Removing keeps everything: it can be restored, with those that went along.">
          <AllowedButton
            needs="admin"
            everywhere={false}
            size="xs"
            variant="default"
            c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))"
            onClick={() => open('remove')}
          >
            Remove
          </AllowedButton>
        </Deed>
      </Stack>
    </Paper>
  )
}

function Deed({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="md">
      <Text size="sm" flex="1 1 260px">
        {text}
      </Text>
      {children}
    </Group>
  )
}
