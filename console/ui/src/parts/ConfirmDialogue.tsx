import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Question } from './Confirm'
import { Problem } from './Problem'

/** The question, and what comes of it. */
export function ConfirmDialogue({ question, close }: { question: Question; close: () => void }) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const act = async () => {
    setBusy(true)
    setError(null)
    try {
      await question.act()
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={close} title={question.title} size="md">
      <Stack>
        <Text size="sm" component="div">
          {question.text}
        </Text>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button
            color={question.danger ? 'red.8' : undefined}
            loading={busy}
            onClick={() => void act()}
            data-autofocus
          >
            {question.go}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
