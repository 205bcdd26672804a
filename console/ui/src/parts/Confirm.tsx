import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useState } from 'react'
import { useLocation } from 'react-router'
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
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a question is about the page that it was asked on
  useEffect(() => setQuestion(null), [pathname])
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
