import { Alert, Button, Group, List, Modal, Stack, Switch, Text, Tooltip } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { Fault } from '~/api/fault'
import { useSession } from '~/app/session'
import { Loaded } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { usePlace } from '../place'
import type { Run } from '../RunPage'
import type { Execution } from '../steps'
import { EditInputs } from './EditInputs'
import { editable, type Plan, possible, told } from './plan'

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

/** The steps of a plan, and what is in the way. */
function PlanView({ plan, onGo }: { plan: Plan; onGo: () => void }) {
  const [, go] = usePlace()
  return (
    <Stack gap="xs">
      <Problem error={plan.problem && new Fault(0, plan.problem)} />
      {(plan.misfits?.length ?? 0) > 0 && (
        <Alert color="red" title="That version does not fit what has been done.">
          <List size="sm">
            {plan.misfits?.map(m => (
              <List.Item key={`${m.task} ${m.what}`}>
                {m.task ? <b>{m.task}: </b> : ''}
                {m.what} was {m.was || 'nothing'}, and is {m.is || 'nothing'} now
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {(plan.unresolved?.length ?? 0) > 0 && (
        <Alert color="orange" icon={<IconHelpCircle aria-hidden />} title="Say first what became of these writes.">
          <Text size="sm">Their answers were lost, and nobody knows whether they were done.</Text>
          <Group gap="xs" mt={6}>
            {plan.unresolved?.map(u => (
              <Button
                key={`${u.run} ${u.task} ${u.instance} ${u.item ?? ''}`}
                size="compact-sm"
                variant="default"
                onClick={() => {
                  onGo()
                  const item = u.item === undefined ? '' : String(u.item)
                  go({ tab: '', task: u.task, instance: String(u.instance), item, part: '' })
                }}
              >
                {u.task}
                {u.item === undefined ? '' : `, item ${u.item}`}
              </Button>
            ))}
          </Group>
        </Alert>
      )}
      <List size="sm" aria-label="What it will do">
        {plan.steps?.map((s, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps stand in one order
          <List.Item key={i}>{told(s)}</List.Item>
        ))}
        {plan.done > 0 && (
          <List.Item>
            Keep {plan.done} {plan.done === 1 ? 'task that is done' : 'tasks that are done'}
          </List.Item>
        )}
        {plan.was && (
          <List.Item>
            Use version {plan.version} of the workflow instead of {plan.was}
          </List.Item>
        )}
      </List>
      {plan.parts?.map(part => (
        <Stack key={part.run} gap={4} pl="md">
          <Text size="sm" fw={550}>
            In its run of {part.workflow}
          </Text>
          <PlanView plan={part} onGo={onGo} />
        </Stack>
      ))}
    </Stack>
  )
}
