import { Button, Checkbox, Group, JsonInput, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { readJSON } from '~/api/json'
import { useSession } from '~/app/session'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Lost } from '../lost'

interface ResolveFormProps {
  run: string
  write: Lost
  onClose: () => void
}

/** What was found in the other system about a lost write. */
export function ResolveForm({ run, write, onClose }: ResolveFormProps) {
  const [outcome, setOutcome] = useState<'done' | 'not_done' | ''>('')
  const [result, setResult] = useState('')
  const [without, setWithout] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const say = async () => {
    if (outcome === '') return
    setBusy(true)
    try {
      const { task, instance, item } = write
      const gives = outcome === 'done' && !without && result.trim() !== ''
      const given = gives ? { result: readJSON(result) } : {}
      const body = { task, instance, item, outcome, no_result: (outcome === 'done' && without) || undefined, ...given }
      await api.POST('/runs/{run}/resolve', { params: { path: { run } }, body })
      tell.done('Kept. When the run is resumed, it counts.')
      await refresh('runs')
      onClose()
    } catch (failure) {
      setError(failure)
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
          <Radio value="done" label="It was done" description="It counts as succeeded and is not repeated." />
          <Radio value="not_done" label="It was not done" description="It is repeated when the run is resumed." />
        </Stack>
      </Radio.Group>
      {outcome === 'done' && <Answered result={result} onResult={setResult} without={without} onWithout={setWithout} />}
      <Problem error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          loading={busy}
          disabled={outcome === '' || (outcome === 'done' && !without && !readable(result))}
          onClick={() => void say()}
        >
          Keep this
        </Button>
      </Group>
    </Stack>
  )
}

interface AnsweredProps {
  result: string
  onResult: (text: string) => void
  without: boolean
  onWithout: (without: boolean) => void
}

/** What the write would have answered: only people of the MSP can say, since tasks may reach the MSP's own systems. */
function Answered({ result, onResult, without, onWithout }: AnsweredProps) {
  const msp = useSession().mayEverywhere('operator')
  return (
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
        onChange={onResult}
        error={without || readable(result) ? undefined : 'This is no JSON yet.'}
      />
      <Checkbox
        label="Go on without a result, also where the workflow reads fields of it"
        checked={without}
        onChange={event => onWithout(event.currentTarget.checked)}
      />
    </>
  )
}

function readable(text: string): boolean {
  if (text.trim() === '') return true
  try {
    readJSON(text)
    return true
  } catch {
    return false
  }
}
