import { Button, Code, Group, Modal, Stack, Switch, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { to } from '~/parts/address'
import { SchemaForm, type Values } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Run } from '../run'
import { emptied, mistakesOf, replaced } from './plan'

interface RerunDialogProps {
  run: Run
  opened: boolean
  onClose: () => void
}

/** Starts a new run with what this one began with, or with other inputs. */
export function RerunDialog({ run, opened, onClose }: RerunDialogProps) {
  return (
    <Modal
      closeButtonProps={{ 'aria-label': 'Close' }}
      opened={opened}
      onClose={onClose}
      title="Run this again"
      size="xl"
    >
      {opened && <Rerun run={run} onClose={onClose} />}
    </Modal>
  )
}

function Rerun({ run, onClose }: { run: Run; onClose: () => void }) {
  const navigate = useNavigate()
  const before = (run.inputs ?? {}) as Record<string, unknown>
  const [same, setSame] = useState(false)
  const [value, setValue] = useState<Values>(before)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const workflow = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: run.workflow } } })
  const schema = workflow.data?.inputs as Record<string, unknown> | undefined
  const wrong = schema ? mistakesOf(schema, before, value) : {}
  const fits = Object.keys(wrong).length === 0
  const body = { same_version: same || undefined, inputs: replaced(before, value), without: emptied(before, value) }
  const plan = useQuery({
    queryKey: ['rerun plan of', run.id, body],
    queryFn: async () => (await api.POST('/runs/{run}/rerun/plan', { params: { path: { run: run.id } }, body })).data,
    enabled: fits,
    staleTime: 0,
    retry: false,
    placeholderData: was => was,
  })
  const start = async () => {
    setBusy(true)
    try {
      const { data } = await api.POST('/runs/{run}/rerun', { params: { path: { run: run.id } }, body })
      tell.done('A new run has begun.')
      await refresh('runs')
      onClose()
      if (data) navigate(to.run(data.id))
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text size="sm">
        A new run begins with this one's organisation, trigger data and variables, and with the inputs below. Everything
        is done again, also what this run has done.
      </Text>
      <Switch
        label="With the version of this run"
        description="Off: with the workflow as it is now."
        checked={same}
        onChange={event => setSame(event.currentTarget.checked)}
      />
      {schema && Object.keys((schema.properties as object | undefined) ?? {}).length > 0 && (
        <SchemaForm
          schema={schema}
          order={workflow.data?.input_order ?? undefined}
          value={value}
          errors={wrong}
          onChange={setValue}
        />
      )}
      <Loaded of={plan} lines={2}>
        {p =>
          p && (
            <Text size="sm" className="g-quiet" component="div">
              It runs version <Code>{p.version}</Code>
              {p.was && (
                <>
                  {' '}
                  instead of <Code>{p.was}</Code>
                </>
              )}
              {(p.changed?.length ?? 0) > 0 && <>, with another value for {p.changed?.join(', ')}</>}
              {(p.left_out?.length ?? 0) > 0 && (
                <>. This version does not take {p.left_out?.join(', ')} any more, so that is left out</>
              )}
              .
            </Text>
          )
        }
      </Loaded>
      <Problem error={error} title="It was not started." />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={busy} disabled={!fits || !plan.isSuccess} onClick={() => void start()}>
          Run again
        </Button>
      </Group>
    </Stack>
  )
}
