import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { useSession } from '~/app/session'
import type { Values } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { EditInputs } from './EditInputs'
import { Newest } from './Newest'
import { PlanView } from './PlanView'
import { editable, type Plan, possible } from './plan'
import { type Edits, resume, usePlan } from './resumption'

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

const noEdits: Edits = {}

function Resume({ run, executions, onClose }: Omit<ResumeDialogProps, 'opened'>) {
  const [newest, setNewest] = useState(false)
  const [edits, setEdits] = useState(noEdits)
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set())
  const [looked, setLooked] = useState(!run.held)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  // The forms stay while what stands in them does not fit.
  const plain = usePlan(run, { newest, edits: noEdits })
  const plan = usePlan(run, { newest, edits }, wrong.size === 0)
  const possibleNow = looked && wrong.size === 0 && !plan.isError && plan.data && possible(plan.data)
  const goOn = async () => {
    setBusy(true)
    try {
      await resume(run, { newest, edits })
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
      <Text size="sm">
        {run.held
          ? 'It goes on where it was when the backup was made. What the backup has as done is not done again.'
          : 'What is done is not done again. What failed is repeated, and what had not started starts.'}
      </Text>
      {!run.held && <Newest run={run} checked={newest} onChange={setNewest} />}
      <Loaded of={plain} lines={4}>
        {p => p && <WithInputs run={run} executions={executions} plan={plan.data ?? p} onEdit={edit} onGo={onClose} />}
      </Loaded>
      <Problem error={plain.isError ? null : plan.error} title="It cannot go on with these inputs." />
      {run.held && (
        <Checkbox
          label="I have looked: what it does next has not been done"
          description="In the other systems, since the backup was made."
          checked={looked}
          onChange={event => setLooked(event.currentTarget.checked)}
        />
      )}
      <Problem error={error} title="It was not resumed." />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button loading={busy} disabled={!possibleNow} onClick={() => void goOn()}>
          Resume
        </Button>
      </Group>
    </Stack>
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
        !run.held && // it goes on as it began
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
