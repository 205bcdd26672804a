import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconHelpCircle, IconMessageQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { sentence } from '~/parts/Problem'
import { usePlace } from './place'
import type { Run } from './RunPage'
import type { Execution } from './steps'

interface FailureProps {
  run: Run
  status: string
  executions: Execution[]
}

/** What comes first: what went wrong and where, what nobody knows, and who is asked. */
export function Failure({ run, status, executions }: FailureProps) {
  const unknown = executions.filter(e => e.status === 'unknown')
  const waiting = executions.some(e => e.awaits === 'answer')
  return (
    <>
      {run.error && ['failed', 'timed_out', 'cancelled'].includes(status) && (
        <RunError error={run.error} status={status} executions={executions} />
      )}
      {unknown.length > 0 && <Unknown unknown={unknown} />}
      {waiting && <Asked run={run.id} />}
    </>
  )
}

interface RunErrorProps {
  error: NonNullable<Run['error']>
  status: string
  executions: Execution[]
}

function RunError({ error, status, executions }: RunErrorProps) {
  const [, go] = usePlace()
  const at = error.task ? executions.findLast(e => e.name === error.task) : undefined
  return (
    <Alert
      color={status === 'cancelled' ? 'gray' : 'red'}
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={sentence(error.message)}
    >
      <Stack gap={6} align="flex-start">
        {error.hint && <Text size="sm">{sentence(error.hint)}</Text>}
        <Group gap="xs">
          {error.task && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={!at}
              rightSection={<IconArrowRight size={14} stroke={1.6} aria-hidden />}
              onClick={() =>
                go({ tab: '', task: error.task ?? '', instance: at ? String(at.instance) : '', item: '', part: '' })
              }
            >
              Go to {error.task}
            </Button>
          )}
          <Text size="xs" className="g-mono">
            {error.code}
          </Text>
        </Group>
      </Stack>
    </Alert>
  )
}

function Unknown({ unknown }: { unknown: Execution[] }) {
  const [, go] = usePlace()
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconHelpCircle aria-hidden />}
      title={
        unknown.length === 1
          ? 'Nobody knows whether a write was done.'
          : `Of ${unknown.length} writes nobody knows whether they were done.`
      }
    >
      <Text size="sm">
        It was sent, and the answer never came. Gantry does not repeat it blindly. Look in the other system, then say
        here what you found:
      </Text>
      <Group gap="xs" mt={6}>
        {unknown.slice(0, 12).map(e => (
          <Button
            key={e.exec}
            size="compact-sm"
            variant="default"
            onClick={() => go({ tab: '', task: e.name, instance: String(e.instance), item: '', part: '' })}
          >
            {e.name}
          </Button>
        ))}
      </Group>
    </Alert>
  )
}

/** The questions of this run that wait for an answer. */
function Asked({ run }: { run: string }) {
  const asks = query.useQuery('get', '/asks', { params: { query: { run } } })
  const open = asks.data?.asks ?? []
  if (open.length === 0) return null
  return (
    <Alert color="violet" variant="light" icon={<IconMessageQuestion aria-hidden />} title="It waits for an answer.">
      <Stack gap={4}>
        {open.slice(0, 10).map(ask => (
          <Text key={`${ask.task} ${ask.item ?? ''}`} size="sm">
            {ask.question}{' '}
            <Anchor
              component={Link}
              size="sm"
              c="inherit"
              td="underline"
              to={ask.item === undefined ? to.ask(run, ask.task) : `${to.ask(run, ask.task)}?item=${ask.item}`}
            >
              {ask.may_answer ? 'Answer it' : 'Look at it'}
            </Anchor>
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}
