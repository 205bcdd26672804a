import { Button, Group, Modal, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { useSession } from '~/app/session'
import type { Values } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { EditInputs } from './EditInputs'
import { PlanView } from './PlanView'
import { editable, type Plan, possible } from './plan'

interface ResumeDialogProps {
  run: Run
  executions: Execution[]
  opened: boolean
  onClose: () => void
}

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

type Edits = Record<string, Values>

/** What resuming would do, with other inputs of tasks. */
function usePlan(run: Run, newest: boolean, edits: Edits, enabled = true) {
  const body = { newest: newest || undefined, inputs: edits }
  return useQuery({
    queryKey: ['resume plan of', run.id, newest, edits, run.resolutions?.length],
    queryFn: async () => (await api.POST('/runs/{run}/resume/plan', { params: { path: { run: run.id } }, body })).data,
    enabled,
    staleTime: 0,
    retry: false,
    placeholderData: was => was,
  })
}

const noEdits: Edits = {}

function Resume({ run, executions, onClose }: Omit<ResumeDialogProps, 'opened'>) {
  const [newest, setNewest] = useState(false)
  const [edits, setEdits] = useState(noEdits)
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set())
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  // The forms stay while what stands in them does not fit.
  const plain = usePlan(run, newest, noEdits)
  const plan = usePlan(run, newest, edits, wrong.size === 0)
  const possibleNow = wrong.size === 0 && !plan.isError && plan.data && possible(plan.data)
  const resume = async () => {
    setBusy(true)
    try {
      const body = { newest: newest || undefined, inputs: edits }
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
  const edit = (task: string, values: Values, isWrong: boolean) => {
    setEdits(({ [task]: _, ...others }) => (Object.keys(values).length > 0 ? { ...others, [task]: values } : others))
    setWrong(was => new Set(isWrong ? [...was, task] : [...was].filter(name => name !== task)))
  }
  return (
    <Stack>
      <Text size="sm">What is done is not done again. What failed is repeated, and what had not started starts.</Text>
      <Newest run={run} checked={newest} onChange={setNewest} />
      <Loaded of={plain} lines={4}>
        {p => p && <WithInputs run={run} executions={executions} plan={plan.data ?? p} onEdit={edit} onGo={onClose} />}
      </Loaded>
      <Problem error={plain.isError ? null : plan.error} title="It cannot go on with these inputs." />
      <Problem error={error} title="It was not resumed." />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={busy} disabled={!possibleNow} onClick={() => void resume()}>
          Resume
        </Button>
      </Group>
    </Stack>
  )
}

/** The version is for people of the MSP to choose, as are inputs: tasks may reach the MSP's own systems. */
function Newest({ run, checked, onChange }: { run: Run; checked: boolean; onChange: (newest: boolean) => void }) {
  const msp = useSession().mayEverywhere('operator')
  return (
    <Tooltip disabled={msp} label="Another version is for people of the MSP to choose.">
      <div>
        <Switch
          label="With the workflow as it is now"
          description={`Off: with version ${run.version}, which the run has.`}
          checked={checked}
          disabled={!msp}
          onChange={event => onChange(event.currentTarget.checked)}
        />
      </div>
    </Tooltip>
  )
}

interface WithInputsProps {
  run: Run
  executions: Execution[]
  plan: Plan
  onEdit: (task: string, values: Values, wrong: boolean) => void
  onGo: () => void
}

function WithInputs({ run, executions, plan, onEdit, onGo }: WithInputsProps) {
  const msp = useSession().mayEverywhere('operator')
  return (
    <>
      <PlanView plan={plan} onGo={onGo} />
      {msp &&
        editable(plan).map(({ task, instance }) => (
          <EditInputs
            key={`${task} ${instance}`}
            run={run}
            task={task}
            instance={instance}
            action={executions.find(e => e.name === task)?.action}
            onChange={(values, wrong) => onEdit(task, values, wrong)}
          />
        ))}
    </>
  )
}
