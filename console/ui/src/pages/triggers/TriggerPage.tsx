import { Badge, Group, Tabs } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { useParams } from 'react-router'
import { query } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { Loaded, Page } from '~/parts/Page'
import { NotFound } from '../NotFound'
import { Addresses } from './Addresses'
import { Covered } from './Covered'
import { Events } from './Events'
import { Facts } from './Facts'
import { FireDialog } from './FireDialog'
import { kindOf } from './kinds'
import type { Shown } from './shown'
import { TriggerSwitch } from './TriggerSwitch'
import { TriggerText } from './TriggerText'

/** A trigger: what it is, for whom, what it saw, and why that started a run or did not. */
export function TriggerPage() {
  const workflow = useParams()['*'] ?? ''
  const [name] = useAddress('trigger')
  if (!name) return <NotFound />
  return <OneTrigger key={`${workflow}\n${name}`} workflow={workflow} name={name} />
}

function OneTrigger({ workflow, name }: { workflow: string; name: string }) {
  const [firing, setFiring] = useState(false)
  const shown = query.useQuery('get', '/triggers/{workflow}/{trigger}', {
    params: { path: { workflow, trigger: name } },
  })
  const trigger = shown.data
  return (
    <Page
      title={name}
      above={[{ to: '/triggers', label: 'Triggers' }]}
      about={trigger && kindOf(trigger.type).about}
      beside={trigger && <Beside trigger={trigger} />}
      actions={
        trigger && (
          <AllowedButton
            needs="operator"
            everywhere={false}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            onClick={() => setFiring(true)}
          >
            {trigger.form ? 'Fill in the form' : 'Fire by hand'}
          </AllowedButton>
        )
      }
    >
      <Loaded of={shown}>
        {t => (
          <>
            <Facts trigger={t} />
            <Parts trigger={t} />
            {firing && <FireDialog trigger={t} onClose={() => setFiring(false)} />}
          </>
        )}
      </Loaded>
    </Page>
  )
}

function Beside({ trigger }: { trigger: Shown }) {
  const kind = kindOf(trigger.type)
  return (
    <Group gap="sm">
      <Badge variant="default" leftSection={<kind.icon size={13} aria-hidden />}>
        {kind.label}
      </Badge>
      <TriggerSwitch trigger={trigger} />
    </Group>
  )
}

function Parts({ trigger }: { trigger: Shown }) {
  const [tab, setTab] = useAddress('tab', 'events')
  const webhook = trigger.type === 'webhook'
  return (
    <Tabs value={tab} onChange={setTab} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="events">Events</Tabs.Tab>
        {webhook && <Tabs.Tab value="address">Address and curl</Tabs.Tab>}
        <Tabs.Tab value="organisations">Organisations ({trigger.covers?.length ?? 0})</Tabs.Tab>
        <Tabs.Tab value="yaml">YAML</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="events">
        <Events trigger={trigger} />
      </Tabs.Panel>
      {webhook && (
        <Tabs.Panel value="address">
          <Addresses trigger={trigger} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="organisations">
        <Covered trigger={trigger} />
      </Tabs.Panel>
      <Tabs.Panel value="yaml">
        <TriggerText trigger={trigger} />
      </Tabs.Panel>
    </Tabs>
  )
}
