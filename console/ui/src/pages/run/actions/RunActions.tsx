import { IconPlayerPlay, IconRepeat } from '@tabler/icons-react'
import { useState } from 'react'
import { AllowedButton } from '~/parts/Allowed'
import { hasEnded } from '~/parts/status'
import { partOf, type Run } from '../run'
import type { Execution } from '../steps'
import { Going } from './Going'
import { MoreMenu } from './MoreMenu'
import { RerunDialog } from './RerunDialog'
import { ResumeDialog } from './ResumeDialog'

interface RunActionsProps {
  run: Run
  status: string
  executions: Execution[]
}

/** What can be done with a run as it stands. */
export function RunActions({ run, status, executions }: RunActionsProps) {
  const [dialog, setDialog] = useState<'resume' | 'rerun' | null>(null)
  const close = () => setDialog(null)
  const ended = hasEnded(status)
  return (
    <>
      {!ended && <Going run={run} status={status} />}
      {ended && status !== 'succeeded' && !partOf(run) && (
        <AllowedButton
          needs="operator"
          everywhere={false}
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
          onClick={() => setDialog('resume')}
        >
          Resume
        </AllowedButton>
      )}
      {ended && (
        <AllowedButton
          needs="operator"
          everywhere={false}
          variant="default"
          leftSection={<IconRepeat size={16} stroke={1.6} aria-hidden />}
          onClick={() => setDialog('rerun')}
        >
          Run again
        </AllowedButton>
      )}
      <MoreMenu run={run} executions={executions} ended={ended} />
      <ResumeDialog run={run} executions={executions} opened={dialog === 'resume'} onClose={close} />
      <RerunDialog run={run} opened={dialog === 'rerun'} onClose={close} />
    </>
  )
}
