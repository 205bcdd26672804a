import { Anchor, Group, Stack, Tooltip } from '@mantine/core'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { TriggerSwitch } from '~/pages/triggers/TriggerSwitch'
import { to } from '~/parts/address'
import type { Workflow } from './tree'

const shownAtMost = 3

/** A workflow's triggers, each with its switch. */
export function TriggerMarks({ workflow }: { workflow: Workflow }) {
  const all = query.useQuery('get', '/triggers')
  const triggers = (all.data?.triggers ?? []).filter(t => t.workflow === workflow.id)
  if (triggers.length === 0) return null
  return (
    <Stack gap={2} align="flex-start">
      {triggers.slice(0, shownAtMost).map(t => (
        <TriggerMark key={t.trigger} trigger={t} />
      ))}
      {triggers.length > shownAtMost && (
        <Anchor component={Link} to={`/triggers?workflow=${encodeURIComponent(workflow.id)}`} size="xs" py={4}>
          {triggers.length - shownAtMost} more
        </Anchor>
      )}
    </Stack>
  )
}

function TriggerMark({ trigger: t }: { trigger: Schemas['TriggersListed'] }) {
  return (
    <Group gap={6} wrap="nowrap">
      <TriggerSwitch trigger={t} />
      <Tooltip label={t.type}>
        <Anchor component={Link} to={to.trigger(t.workflow, t.trigger)} size="xs" py={4}>
          {t.trigger === t.type ? t.type : `${t.trigger} (${t.type})`}
        </Anchor>
      </Tooltip>
    </Group>
  )
}
