import type { Schemas } from '~/api/client'
import { Fault } from '~/api/fault'
import { Problem } from '~/parts/Problem'

/** Files of the project that are no workflows, such as an integration's, and have mistakes. */
export function BrokenFiles({ broken }: { broken: Schemas['Broken'][] }) {
  if (broken.length === 0) return null
  return (
    <Problem
      title={broken.length === 1 ? 'A file of the project has mistakes.' : 'Files of the project have mistakes.'}
      error={
        new Fault(0, {
          message: 'What they said before goes on.',
          detail: broken.flatMap(b => b.diagnostics ?? []),
        })
      }
    />
  )
}
