import { Anchor, Group, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { List } from '~/parts/List'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'
import { firesInWords, forWhom, kindOf } from './kinds'
import { causeInWords } from './shown'
import { TriggerSwitch } from './TriggerSwitch'

type Trigger = Schemas['TriggersListed']

/** Triggers as rows. */
export function TriggerList({ triggers }: { triggers: Trigger[] }) {
  const nameOf = useOrganisationName()
  return (
    <List
      label="Triggers"
      rows={triggers}
      id={t => `${t.workflow}\n${t.trigger}`}
      columns={[
        { label: 'Trigger', cell: t => <Named trigger={t} /> },
        { label: 'Fires', cell: t => <Kind trigger={t} /> },
        { label: 'For', cell: t => <ForWhom trigger={t} nameOf={nameOf} /> },
        { label: 'Next', cell: t => <When at={nextOf(t)} /> },
        { label: 'Last event', cell: t => <LastEvent trigger={t} /> },
        { label: 'On', cell: t => <TriggerSwitch trigger={t} />, align: 'right' },
      ]}
    />
  )
}

/** When a trigger is due next, where the clock decides. */
export function nextOf(t: Trigger): string | undefined {
  const next = t.details?.next
  return typeof next === 'string' ? next : undefined
}

function Named({ trigger: t }: { trigger: Trigger }) {
  return (
    <Stack gap={0}>
      <Anchor component={Link} to={to.trigger(t.workflow, t.trigger)} size="sm" fw={550}>
        {t.trigger}
      </Anchor>
      <Text size="xs" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
        {t.workflow}
      </Text>
    </Stack>
  )
}

function Kind({ trigger: t }: { trigger: Trigger }) {
  const kind = kindOf(t.type)
  return (
    <Stack gap={0} align="inherit">
      <Text size="sm">
        <kind.icon size={16} stroke={1.6} aria-hidden style={{ marginInlineEnd: 6, verticalAlign: '-0.2em' }} />
        {kind.label}
      </Text>
      <Text size="xs" className="g-quiet" style={{ overflowWrap: 'anywhere' }}>
        {causeInWords(t)}
      </Text>
    </Stack>
  )
}

function ForWhom({ trigger: t, nameOf }: { trigger: Trigger; nameOf: (slug: string) => string }) {
  return (
    <Stack gap={0} maw={260}>
      <Text size="sm">{forWhom(t.run_for, nameOf)}</Text>
      <Text size="xs" className="g-quiet">
        {firesInWords(t)}
      </Text>
    </Stack>
  )
}

function LastEvent({ trigger: t }: { trigger: Trigger }) {
  const nameOf = useOrganisationName()
  if (!t.last)
    return (
      <Text size="sm" className="g-quiet">
        none yet
      </Text>
    )
  const href = `${to.trigger(t.workflow, t.trigger)}&event=${encodeURIComponent(t.last.id)}`
  return (
    <Stack gap={2} align="inherit">
      <Group gap={6}>
        <Link to={href}>
          <Status status={t.last.status} style={{ cursor: 'pointer' }} />
        </Link>
        <When at={t.last.at} size="xs" />
      </Group>
      <Text size="xs" className="g-quiet">
        {nameOf(t.last.organisation)}
      </Text>
    </Stack>
  )
}
