import { Button, Group, Modal, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { Problem } from '~/parts/Problem'
import { Outcome } from './Outcome'

interface DialogueProps {
  title: string
  go: string
  close: () => void
  /** What is done. A function that it gives is called when the dialogue is closed: closing may change the address. */
  act: () => Promise<unknown>
  disabled?: boolean
  /** What it does cannot simply be undone. */
  danger?: boolean
  children: ReactNode
}

/** A form of a few fields in a dialogue; it closes when what it does is done. */
export function Dialogue({ title, go, close, act, disabled, danger, children }: DialogueProps) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const then = await act()
      close()
      if (typeof then === 'function') then()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  const report = (asFault(error).detail as { report?: Schemas['TestReport'] } | undefined)?.report
  return (
    <Modal opened onClose={close} title={title} size="md">
      <form onSubmit={event => void submit(event)}>
        <Stack>
          {children}
          {error !== null && report ? <Outcome report={report} /> : <Problem error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Leave it
            </Button>
            <Button type="submit" loading={busy} disabled={disabled} color={danger ? 'red.8' : undefined}>
              {go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
