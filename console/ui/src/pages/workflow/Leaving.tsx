import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Blocker } from 'react-router'
import { asFault } from '~/api/fault'
import { Problem } from '~/parts/Problem'

/** Asks before a page is left whose changes are not kept. */
export function Leaving({ blocker, save }: { blocker: Blocker; save: () => Promise<unknown> }) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  if (blocker.state !== 'blocked') return null
  const keep = async () => {
    setBusy(true)
    setError(null)
    try {
      await save()
      blocker.proceed()
    } catch (e) {
      // Somebody else was there first: the page tells who, and how to go on.
      if (asFault(e).status === 409) blocker.reset()
      else setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={() => blocker.reset()} title="There are unsaved changes" size="lg">
      <Stack>
        <Text size="sm">If you leave now without saving, they are lost.</Text>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.reset()} data-autofocus>
            Stay
          </Button>
          <Button variant="default" color="red.8" onClick={() => blocker.proceed()}>
            Leave without saving
          </Button>
          <Button loading={busy} onClick={() => void keep()}>
            Save as draft and leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
