import { Button, Group, Paper, Stack, Text, ThemeIcon } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { Status } from '~/parts/Status'
import { idOf } from './groups'

interface AnsweredProps {
  ask: Schemas['AskDetail']
  answer: Schemas['AnswerAskOutBody']
}

/** What became of an answer: it counts, and how the run goes on. */
export function Answered({ ask, answer }: AnsweredProps) {
  const run = query.useQuery('get', '/runs/{run}', { params: { path: { run: ask.run } } })
  const others = query.useQuery('get', '/asks')
  const words = useRef<HTMLDivElement>(null)
  useEffect(() => words.current?.focus(), [])
  const button = ask.buttons?.find(b => b.value === answer.button)
  const status = run.data?.status ?? answer.run.status
  const next = (others.data?.asks ?? []).filter(a => a.may_answer && idOf(a) !== idOf(ask))
  return (
    <Paper maw={720}>
      <Stack gap="md">
        <Group gap="sm" wrap="nowrap" align="start">
          <ThemeIcon color="green" variant="light" radius="xl" size={40} aria-hidden>
            <IconCheck size={22} />
          </ThemeIcon>
          <Stack gap={2} ref={words} tabIndex={-1} role="status" style={{ outline: 'none' }}>
            <Text fw={550}>Your answer counts: {button?.label ?? answer.button}</Text>
            <Text size="sm" className="g-quiet">
              {status === 'paused'
                ? 'The run is paused. It goes on when somebody resumes it.'
                : 'The run has it, and goes on with it.'}
            </Text>
          </Stack>
        </Group>
        <Group gap="xs">
          <Text size="sm">The run now:</Text>
          <Status status={status} />
        </Group>
        <Group gap="sm">
          <Button renderRoot={props => <Link {...props} to={to.run(ask.run)} />} variant="default">
            Look at the run
          </Button>
          <Button
            renderRoot={props => (
              <Link {...props} to={next[0] ? to.ask(next[0].run, next[0].task, next[0].item) : '/waiting'} />
            )}
          >
            {next[0] ? `The next question (${next.length} left)` : 'To what waits'}
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
