import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { Problem } from './Problem'

interface Question {
  title: string
  text: ReactNode
  /** What the button says that goes on, such as "Remove". */
  go: string
  danger?: boolean
  /** What is done then; its error is shown in the dialogue, which stays. */
  act: () => Promise<unknown>
}

const Asking = createContext<(question: Question) => void>(() => {})

/** Asks before something is done that cannot be undone: `const confirm = useConfirm()`. */
export function useConfirm() {
  return useContext(Asking)
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ask = useCallback((q: Question) => {
    setError(null)
    setQuestion(q)
  }, [])
  const act = async () => {
    if (!question) return
    setBusy(true)
    try {
      await question.act()
      setQuestion(null)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Asking value={ask}>
      {children}
      <Modal opened={question !== null} onClose={() => setQuestion(null)} title={question?.title} size="md">
        <Stack>
          <Text size="sm" component="div">
            {question?.text}
          </Text>
          <Problem error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setQuestion(null)}>
              Leave it
            </Button>
            <Button
              color={question?.danger ? 'red.8' : undefined}
              loading={busy}
              onClick={() => void act()}
              data-autofocus
            >
              {question?.go}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Asking>
  )
}
