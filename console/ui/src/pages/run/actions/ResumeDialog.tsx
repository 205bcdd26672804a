import { Button, Group, Modal, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { useSession } from '~/app/session'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { EditInputs } from './EditInputs'
import { PlanView } from './PlanView'
import { editable, possible } from './plan'

interface ResumeDialogProps {
  run: Run
  executions: Execution[]
  opened: boolean
  onClose: () => void
}

type Edits = Record<string, Record<string, unknown>>

/** Shows what resuming would do, lets inputs of what is repeated be replaced, and resumes. */
export function ResumeDialog({ run, executions, opened, onClose }: ResumeDialogProps) {
  return (
    <Modal
      closeButtonProps={{ 'aria-label': 'Close' }}
      opened={opened}
      onClose={onClose}
      title="Resume this run"
      size="xl"
    >
      {opened && <Resume run={run} executions={executions} onClose={onClose} />}
    </Modal>
  )
}

function Resume({ run, executions, onClose }: Omit<ResumeDialogProps, 'opened'>) {
  const { mayEverywhere } = useSession()
  const msp = mayEverywhere('operator')
  const [newest, setNewest] = useState(false)
  const [edits, setEdits] = useState<Edits>({})
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const body = { newest: newest || undefined, inputs: Object.keys(edits).length > 0 ? edits : undefined }
  const plan = useQuery({
    queryKey: ['resume plan of', run.id, newest, edits, run.resolutions?.length],
    queryFn: async () => (await api.POST('/runs/{run}/resume/plan', { params: { path: { run: run.id } }, body })).data,
    staleTime: 0,
    retry: false,
    placeholderData: was => was,
  })
  const resume = async () => {
    setBusy(true)
    try {
      await api.POST('/runs/{run}/resume', { params: { path: { run: run.id } }, body })
      tell.done('It goes on.')
      await refresh('runs')
      onClose()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const set = (task: string, values: Record<string, unknown>) =>
    setEdits(({ [task]: _, ...others }) => (Object.keys(values).length > 0 ? { ...others, [task]: values } : others))
  return (
    <Stack>
      <Text size="sm">What is done is not done again. What failed is repeated, and what had not started starts.</Text>
      <Tooltip disabled={msp} label="Another version is for people of the MSP to choose.">
        <div>
          <Switch
            label="With the workflow as it is now"
            description={`Off: with version ${run.version}, which the run has.`}
            checked={newest}
            disabled={!msp}
            onChange={event => setNewest(event.currentTarget.checked)}
          />
        </div>
      </Tooltip>
      <Loaded of={plan} lines={4}>
        {p =>
          p && (
            <>
              <PlanView plan={p} onGo={onClose} />
              {msp &&
                editable(p).map(({ task, instance }) => (
                  <EditInputs
                    key={`${task} ${instance}`}
                    run={run}
                    task={task}
                    instance={instance}
                    action={executions.find(e => e.name === task)?.action}
                    onChange={values => set(task, values)}
                  />
                ))}
            </>
          )
        }
      </Loaded>
      <Problem error={error} title="It was not resumed." />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={busy} disabled={!plan.data || !possible(plan.data)} onClick={() => void resume()}>
          Resume
        </Button>
      </Group>
    </Stack>
  )
}
