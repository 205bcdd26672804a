import { ActionIcon, Menu } from '@mantine/core'
import {
  IconArrowsDiff,
  IconDots,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRepeat,
  IconRoute,
  IconTestPipe,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { ink } from '~/parts/ink'
import { hasEnded } from '~/parts/status'
import { tell } from '~/parts/tell'
import { usePlace } from '../place'
import type { Run } from '../RunPage'
import type { Execution } from '../steps'
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
      {ended && status !== 'succeeded' && !run.parent && (
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
      <More run={run} ended={ended} />
      <ResumeDialog run={run} executions={executions} opened={dialog === 'resume'} onClose={close} />
      <RerunDialog run={run} opened={dialog === 'rerun'} onClose={close} />
    </>
  )
}

/** Of a run that goes on. */
function Going({ run, status }: { run: Run; status: string }) {
  const confirm = useConfirm()
  const params = { path: { run: run.id } }
  const change = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act()
      tell.done(done)
      await refresh('runs')
    } catch (error) {
      tell.failure(error)
    }
  }
  const paused = status === 'paused'
  return (
    <>
      <AllowedButton
        needs="operator"
        everywhere={false}
        variant="default"
        leftSection={
          paused ? (
            <IconPlayerPlay size={16} stroke={1.6} aria-hidden />
          ) : (
            <IconPlayerPause size={16} stroke={1.6} aria-hidden />
          )
        }
        onClick={() =>
          void (paused
            ? change(() => api.POST('/runs/{run}/unpause', { params }), 'It goes on.')
            : change(() => api.POST('/runs/{run}/pause', { params }), 'It starts nothing new until it is let go on.'))
        }
      >
        {paused ? 'Let it go on' : 'Pause'}
      </AllowedButton>
      <AllowedButton
        needs="operator"
        everywhere={false}
        variant="default"
        c={ink('red')}
        leftSection={<IconPlayerStop size={16} stroke={1.6} aria-hidden />}
        onClick={() =>
          confirm({
            title: 'Cancel this run?',
            text: 'Reads are cut off, a write that is under way is waited for, and nothing new starts. What is done stays done. The run can be resumed later.',
            go: 'Cancel the run',
            danger: true,
            act: async () => {
              await api.POST('/runs/{run}/cancel', { params, body: {} })
              await refresh('runs')
            },
          })
        }
      >
        Cancel
      </AllowedButton>
    </>
  )
}

function More({ run, ended }: { run: Run; ended: boolean }) {
  const [, go] = usePlace()
  const copyMocks = async () => {
    try {
      const params = { path: { run: run.id }, query: { results: 'small' } }
      const { data } = await api.GET('/runs/{run}', { params })
      const { mocksYAML } = await import('../mock')
      const over = (data?.tasks ?? []).filter(t => t.finished_at)
      const whole = over.filter(t => t.result_bytes === undefined || t.result !== null)
      await navigator.clipboard.writeText(mocksYAML(whole))
      const left = over.length - whole.length
      tell.done(
        `Copied the mocks of ${whole.length} tasks.${left > 0 ? ` ${left} results are too large: copy those one by one.` : ''}`,
      )
    } catch (error) {
      tell.failure(error)
    }
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size={36} aria-label="More about this run">
          <IconDots size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {ended && (
          <Menu.Item
            leftSection={<IconArrowsDiff size={16} stroke={1.6} aria-hidden />}
            onClick={() => go({ tab: 'compare' })}
          >
            Compare with the last success
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconTestPipe size={16} stroke={1.6} aria-hidden />} onClick={() => void copyMocks()}>
          Copy its tasks as mocks
        </Menu.Item>
        <Menu.Item
          component={Link}
          to={`${to.test(run.workflow)}?organisation=${encodeURIComponent(run.organisation)}`}
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
        >
          Test the workflow
        </Menu.Item>
        <Menu.Item
          component={Link}
          to={`/runs?workflow=${encodeURIComponent(run.workflow)}&organisation=${encodeURIComponent(run.organisation)}`}
          leftSection={<IconRoute size={16} stroke={1.6} aria-hidden />}
        >
          Its other runs for this organisation
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
