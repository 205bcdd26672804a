import { Alert, Anchor, Group, Stack, Text } from '@mantine/core'
import { IconHelpCircle, IconInfoCircle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { sentence } from '~/parts/Problem'
import { ResolveButton } from './actions/ResolveButton'
import { type Lost, nameOf } from './lost'
import { partOf, type Run } from './run'

interface LostWritesProps {
  run: Run
  lost: Lost[]
  /** How the run failed by one of them. */
  error?: Run['error']
}

const most = 12

/** The writes of which nobody knows whether they were done, to be told; or that all is told now. */
export function LostWrites({ run, lost, error }: LostWritesProps) {
  const open = lost.filter(write => !write.said)
  if (lost.length === 0) return null
  if (open.length === 0) return <Told run={run} lost={lost} />
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconHelpCircle aria-hidden />}
      title={
        open.length === 1
          ? 'Nobody knows whether a write was done.'
          : `Of ${open.length} writes nobody knows whether they were done.`
      }
    >
      <Text size="sm">
        {error ? sentence(error.message) : 'It was sent, and the answer never came.'} Gantry does not repeat it blindly.
        Look in the other system, then say here what you found.
      </Text>
      <Group gap="xs" mt={6}>
        {open.slice(0, most).map(write => (
          <ResolveButton
            key={`${write.exec} ${write.item ?? ''}`}
            run={run.id}
            write={write}
            label={`Say what became of ${nameOf(write)}`}
          />
        ))}
        {open.length > most && <Text size="xs">and {open.length - most} more, under their tasks</Text>}
      </Group>
    </Alert>
  )
}

/** Somebody has said of each lost write what became of it. */
function Told({ run, lost }: { run: Run; lost: Lost[] }) {
  const caller = partOf(run)
  const all = lost.length === 1 && lost[0] ? nameOf(lost[0]) : 'its lost writes'
  return (
    <Alert
      color="blue"
      variant="light"
      icon={<IconInfoCircle aria-hidden />}
      title={`It is known now what became of ${all}.`}
    >
      <Stack gap={4}>
        {lost.slice(0, most).map(write => (
          <Text key={`${write.exec} ${write.item ?? ''}`} size="sm">
            {write.said?.by || 'Somebody'} said that {nameOf(write)} {write.said?.done ? 'was done' : 'was not done'}.
          </Text>
        ))}
        <Text size="sm">
          {caller ? (
            <>
              Resume{' '}
              <Anchor component={Link} to={to.run(caller)} size="sm" c="inherit" underline="always">
                the run that it is part of
              </Anchor>
              , and this one goes on with it.
            </>
          ) : (
            'Resume the run, and it goes on with that.'
          )}
        </Text>
      </Stack>
    </Alert>
  )
}
