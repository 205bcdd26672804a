import { Box, Switch, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { useConfirm } from '~/parts/Confirm'
import { tell } from '~/parts/tell'

interface TriggerSwitchProps {
  trigger: Pick<Schemas['TriggersListed'], 'workflow' | 'trigger' | 'enabled' | 'why'>
  /** For one organisation alone. */
  organisation?: { slug: string; name: string }
}

/** Switches a trigger on or off, altogether or for an organisation. */
export function TriggerSwitch({ trigger: t, organisation }: TriggerSwitchProps) {
  const session = useSession()
  const confirm = useConfirm()
  const [busy, setBusy] = useState(false)
  const may = organisation ? session.mayAnywhere('author') : session.mayEverywhere('author')

  const change = async (on: boolean, override = false) => {
    const params = { path: { workflow: t.workflow, trigger: t.trigger } }
    const body = { ...(organisation ? { organisations: [organisation.slug] } : {}), ...(override ? { override } : {}) }
    const { data } = on
      ? await api.POST('/triggers/{workflow}/{trigger}/enable', { params, body })
      : await api.POST('/triggers/{workflow}/{trigger}/disable', { params, body })
    const why = on && data?.enabled === false ? `. It fires for nobody yet: ${data.why}` : ''
    tell.done(`${t.trigger} is ${on ? 'on' : 'off'}${organisation ? ` for ${organisation.name}` : ''}${why}`)
    await refresh('triggers')
  }
  const flip = async (on: boolean) => {
    if (busy) return // it is not disabled meanwhile, which would take the focus away
    setBusy(true)
    try {
      await change(on)
    } catch (error) {
      if (on && /enabled: false/.test(asFault(error).message)) {
        confirm({
          title: 'Switch it on although its file says off?',
          text: `The file says enabled: false. The switch counts before the file until somebody switches it off again.`,
          go: 'Switch it on',
          act: () => change(true, true),
        })
      } else tell.failure(error)
    } finally {
      setBusy(false)
    }
  }
  const label = `${t.trigger} of ${t.workflow}${organisation ? ` for ${organisation.name}` : ''}`
  const reason = may
    ? t.enabled
      ? undefined
      : t.why
    : 'This needs the role author. An administrator can give it to you.'
  return (
    <Tooltip label={reason} disabled={!reason} multiline maw={320}>
      <Box component="span" display="inline-block" tabIndex={may ? undefined : 0}>
        <Switch
          checked={t.enabled}
          disabled={!may}
          aria-busy={busy}
          onChange={e => void flip(e.currentTarget.checked)}
          aria-label={label}
          size="sm"
        />
      </Box>
    </Tooltip>
  )
}
