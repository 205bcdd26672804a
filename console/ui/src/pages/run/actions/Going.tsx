import { IconPlayerPause, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useConfirm } from '~/parts/Confirm'
import { ink } from '~/parts/ink'
import { tell } from '~/parts/tell'
import type { Run } from '../run'

interface GoingProps {
  run: Run
  status: string
}

/** What can be done with a run that has not ended. One that is held waits for a word, which its page asks for. */
export function Going({ run: { id, held }, status }: GoingProps) {
  return (
    <>
      {!held && (status === 'paused' ? <Unpause run={id} /> : <Pause run={id} />)}
      <Cancel run={id} />
    </>
  )
}

/** Does something with a run, and says so. */
function useChange() {
  const [busy, setBusy] = useState(false)
  const change = async (act: () => Promise<unknown>, done: string) => {
    setBusy(true)
    try {
      await act()
      tell.done(done)
      await refresh('runs')
    } catch (error) {
      tell.failure(error)
    } finally {
      setBusy(false)
    }
  }
  return [busy, change] as const
}

const operator = { needs: 'operator', everywhere: false, variant: 'default' } as const

function Pause({ run }: { run: string }) {
  const [busy, change] = useChange()
  const pause = () => api.POST('/runs/{run}/pause', { params: { path: { run } } })
  return (
    <AllowedButton
      {...operator}
      loading={busy}
      leftSection={<IconPlayerPause size={16} stroke={1.6} aria-hidden />}
      onClick={() => void change(pause, 'It starts nothing new until it is let go on.')}
    >
      Pause
    </AllowedButton>
  )
}

function Unpause({ run }: { run: string }) {
  const [busy, change] = useChange()
  const unpause = () => api.POST('/runs/{run}/unpause', { params: { path: { run } } })
  return (
    <AllowedButton
      {...operator}
      loading={busy}
      leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
      onClick={() => void change(unpause, 'It goes on.')}
    >
      Let it go on
    </AllowedButton>
  )
}

function Cancel({ run }: { run: string }) {
  const confirm = useConfirm()
  const ask = () =>
    confirm({
      title: 'Cancel this run?',
      text: 'Reads are cut off, a write that is under way is waited for, and nothing new starts. What is done stays done. The run can be resumed later.',
      go: 'Cancel the run',
      danger: true,
      act: async () => {
        await api.POST('/runs/{run}/cancel', { params: { path: { run } }, body: {} })
        await refresh('runs')
      },
    })
  return (
    <AllowedButton
      {...operator}
      c={ink('red')}
      leftSection={<IconPlayerStop size={16} stroke={1.6} aria-hidden />}
      onClick={ask}
    >
      Cancel
    </AllowedButton>
  )
}
