import type { Schemas } from '~/api/client'
import { Fault } from '~/api/fault'
import { Problem } from '~/parts/Problem'

/** Files of the project that are no workflows, such as an integration's, and have mistakes. */
export function BrokenFiles({ broken }: { broken: Schemas['Broken'][] }) {
  if (broken.length === 0) return null
  const one = broken.length === 1
  const fault = new Fault(0, {
    message: `The project goes on without what ${one ? 'it says' : 'they say'} now.`,
    detail: broken.flatMap(b => b.diagnostics ?? []),
  })
  return (
    <Problem title={`${one ? 'A file' : 'Files'} of the project ${one ? 'has' : 'have'} mistakes.`} error={fault} />
  )
}
