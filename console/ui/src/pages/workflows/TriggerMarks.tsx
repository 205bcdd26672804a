import { Anchor, Group, Stack, Switch, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { tell } from '~/parts/tell'
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

function TriggerMark({ trigger: { workflow, trigger, type, enabled } }: { trigger: Schemas['TriggersListed'] }) {
  const { mayEverywhere } = useSession()
  const [busy, setBusy] = useState(false)
  const turn = async () => {
    setBusy(true)
    try {
      const options = { params: { path: { workflow, trigger } }, body: {} }
      if (enabled) await api.POST('/triggers/{workflow}/{trigger}/disable', options)
      else await api.POST('/triggers/{workflow}/{trigger}/enable', options)
      await refresh('triggers', 'workflows')
    } catch (e) {
      tell.failure(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Switch
        size="xs"
        checked={enabled}
        disabled={busy || !mayEverywhere('author')}
        onChange={() => void turn()}
        aria-label={`Trigger ${trigger} is ${enabled ? 'on' : 'off'}`}
      />
      <Tooltip label={type}>
        <Anchor component={Link} to={to.trigger(workflow, trigger)} size="xs" py={4}>
          {trigger === type ? type : `${trigger} (${type})`}
        </Anchor>
      </Tooltip>
    </Group>
  )
}
