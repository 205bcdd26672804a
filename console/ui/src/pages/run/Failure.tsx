import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconArrowRight, IconMessageQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { HintLine } from '~/parts/HintLine'
import { sentence } from '~/parts/Problem'
import { LostWrites } from './LostWrites'
import type { Lost } from './lost'
import { usePlace } from './place'
import type { Run } from './run'
import type { Execution } from './steps'

interface FailureProps {
  run: Run
  status: string
  executions: Execution[]
  lost: Lost[]
}

/** What comes first: what went wrong and where, what nobody knows, and who is asked. */
export function Failure({ run, status, executions, lost }: FailureProps) {
  const waiting = !run.held && executions.some(e => e.awaits === 'answer')
  const error = run.error && ['failed', 'timed_out', 'cancelled'].includes(status) ? run.error : undefined
  // What is to be done about a lost write is told with the write.
  const byLost = lost.some(write => write.item === undefined && write.task === error?.task)
  return (
    <>
      {error && !byLost && <RunError error={error} status={status} executions={executions} />}
      <LostWrites run={run} lost={lost} error={byLost ? error : undefined} />
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
  const { task } = error
  return (
    <Alert
      color={status === 'cancelled' ? 'gray' : 'red'}
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={sentence(error.message)}
    >
      <Stack gap={6} align="flex-start">
        {error.hint && (
          <Text size="sm">
            <HintLine hint={error.hint} />
          </Text>
        )}
        <Group gap="xs">
          {task && (
            <Button
              size="compact-sm"
              variant="default"
              disabled={!at}
              rightSection={<IconArrowRight size={14} stroke={1.6} aria-hidden />}
              onClick={() => go({ tab: '', task, instance: at ? String(at.instance) : '', item: '', part: '' })}
            >
              Go to {task}
            </Button>
          )}
          {at?.subrun && (
            <Button
              component={Link}
              to={to.run(at.subrun)}
              size="compact-sm"
              variant="default"
              rightSection={<IconArrowRight size={14} stroke={1.6} aria-hidden />}
            >
              Go to its run of the sub-workflow
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
            <Anchor component={Link} size="sm" c="inherit" td="underline" to={to.ask(run, ask.task, ask.item)}>
              {ask.may_answer ? 'Answer it' : 'Look at it'}
            </Anchor>
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}
