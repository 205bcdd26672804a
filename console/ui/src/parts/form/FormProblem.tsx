import { Text } from '@mantine/core'
import { Problem } from '~/parts/Problem'
import type { Mistakes } from './mistakes'

interface FormProblemProps {
  error: unknown
  /** What of it the fields tell, see fieldMistakes. */
  mistakes: Mistakes
}

/** A form that was refused: the whole error, or where its fields tell it, that something is marked there. */
export function FormProblem({ error, mistakes }: FormProblemProps) {
  if (Object.keys(mistakes).length === 0 || '' in mistakes) return <Problem error={error} />
  return (
    <Text size="sm" role="alert" fw={550}>
      Nothing was sent yet. Mend what is marked, and try again.
    </Text>
  )
}
