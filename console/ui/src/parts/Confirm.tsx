import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from 'react'
import { later } from '~/app/later'

export interface Question {
  title: string
  text: ReactNode
  /** What the button says that goes on, such as "Remove". */
  go: string
  danger?: boolean
  /** What is done then; its error is shown in the dialogue, which stays. */
  act: () => Promise<unknown>
}

const Dialogue = lazy(async () => ({ default: (await later(() => import('./ConfirmDialogue'))).ConfirmDialogue }))

const Asking = createContext<(question: Question) => void>(() => {})

/** Asks before something is done that cannot be undone: `const confirm = useConfirm()`. */
export function useConfirm() {
  return useContext(Asking)
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null)
  return (
    <Asking value={setQuestion}>
      {children}
      {question && (
        <Suspense>
          <Dialogue question={question} close={() => setQuestion(null)} />
        </Suspense>
      )}
    </Asking>
  )
}
