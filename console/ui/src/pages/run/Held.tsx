import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconHandStop, IconListSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { sentence } from '~/parts/Problem'
import { When } from '~/parts/When'
import { ResumeDialog } from './actions/ResumeDialog'
import { partOf, type Run } from './run'
import type { Execution } from './steps'

interface HeldProps {
  run: Run
  ended: boolean
  executions: Execution[]
}

/** Of a run that is held since a backup was restored: why, and what is to be done before it goes on. */
export function Held({ run, ended, executions }: HeldProps) {
  const [looks, setLooks] = useState(false)
  if (!run.held || ended) return null
  const caller = partOf(run)
  return (
    <Alert
      color="yellow"
      variant="light"
      icon={<IconHandStop aria-hidden />}
      title={
        <>
          It is held since a backup was restored <When at={run.held.at} size="inherit" />.
        </>
      }
    >
      <Stack gap={6} align="flex-start">
        <Text size="sm">
          {sentence(run.held.why)} What this run does next may have been done since the backup was made, so it does not
          go on by itself
          {executions.some(e => e.awaits === 'answer') && ', and takes no answers to its questions'}.
        </Text>
        <Text size="sm">
          {caller ? (
            <>
              Decide about{' '}
              <Anchor component={Link} to={to.run(caller)} size="sm" c="inherit" underline="always">
                the run that it is part of
              </Anchor>
              : this one goes on with it.
            </>
          ) : (
            'Look in the other systems whether that has been done. If not, resume the run; if it has, cancel it.'
          )}
        </Text>
        {!caller && (
          <AllowedButton
            needs="operator"
            everywhere={false}
            size="compact-sm"
            variant="default"
            leftSection={<IconListSearch size={14} stroke={1.6} aria-hidden />}
            onClick={() => setLooks(true)}
          >
            Show what it does next
          </AllowedButton>
        )}
      </Stack>
      <ResumeDialog run={run} executions={executions} opened={looks} onClose={() => setLooks(false)} />
    </Alert>
  )
}
