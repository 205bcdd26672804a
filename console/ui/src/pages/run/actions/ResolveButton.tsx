import { Button, Checkbox, Group, JsonInput, Modal, Radio, Stack, Text } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { type Stage, useTimeline } from '../asked'
import type { Run } from '../RunPage'
import type { Execution } from '../steps'

interface ResolveProps {
  run: Run
  execution: Execution
  item?: number
  stage: Stage
}

/** Where nobody knows whether a write was done: says so, and lets it be said. */
export function ResolveButton({ run, execution: e, item, stage }: ResolveProps) {
  const [open, setOpen] = useState(false)
  const items = useTimeline(stage, e.items ? e.name : '-')
  const lost =
    item === undefined
      ? e.status === 'unknown' && !e.items
      : items.data?.attempts?.findLast(a => a.exec === e.exec && a.item === item)?.status === 'unknown'
  if (!lost) return null
  return (
    <Group>
      <AllowedButton
        needs="operator"
        everywhere={false}
        color="orange.9"
        leftSection={<IconHelpCircle size={16} stroke={1.6} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        Say what became of it
      </AllowedButton>
      <Modal
        closeButtonProps={{ 'aria-label': 'Close' }}
        opened={open}
        onClose={() => setOpen(false)}
        title={`Was ${e.name} done?`}
      >
        {open && <Resolve run={run} execution={e} item={item} onClose={() => setOpen(false)} />}
      </Modal>
    </Group>
  )
}

function Resolve({ run, execution: e, item, onClose }: Omit<ResolveProps, 'stage'> & { onClose: () => void }) {
  const { mayEverywhere } = useSession()
  const msp = mayEverywhere('operator')
  const [outcome, setOutcome] = useState<'done' | 'not_done' | ''>('')
  const [result, setResult] = useState('')
  const [without, setWithout] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const bad = result.trim() !== '' && !readable(result)
  const say = async () => {
    if (outcome === '') return
    setBusy(true)
    try {
      const given = outcome === 'done' && result.trim() !== '' ? { result: JSON.parse(result) as unknown } : {}
      const body = { task: e.name, instance: e.instance, item, outcome, no_result: without || undefined, ...given }
      await api.POST('/runs/{run}/resolve', { params: { path: { run: run.id } }, body })
      tell.done('Kept. When the run is resumed, it counts.')
      await refresh('runs')
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text size="sm">
        The request was sent and its answer was lost. Look in the other system whether it was done, then choose. Until
        the run is resumed you can change your word: the last one counts.
      </Text>
      <Radio.Group label="What did you find?" value={outcome} onChange={v => setOutcome(v as 'done' | 'not_done')}>
        <Stack gap="xs" mt="xs">
          <Radio value="done" label="It was done" description="The task counts as succeeded and is not repeated." />
          <Radio value="not_done" label="It was not done" description="The task is repeated when the run is resumed." />
        </Stack>
      </Radio.Group>
      {outcome === 'done' && (
        <>
          <JsonInput
            label="What it would have answered (JSON)"
            description={
              msp
                ? 'Needed where the workflow reads fields of the result, such as the id of what was written.'
                : 'Only people of the MSP can give a result.'
            }
            placeholder='{"id": 2231}'
            autosize
            minRows={3}
            value={result}
            disabled={!msp || without}
            onChange={setResult}
            error={bad ? 'This is no JSON yet.' : undefined}
          />
          <Checkbox
            label="Go on without a result, also where the workflow reads fields of it"
            checked={without}
            onChange={event => setWithout(event.currentTarget.checked)}
          />
        </>
      )}
      <Problem error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={busy} disabled={outcome === '' || bad} onClick={() => void say()}>
          Keep this
        </Button>
      </Group>
    </Stack>
  )
}

function readable(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
