import { Text } from '@mantine/core'
import { query } from '~/api/client'
import { ink } from '~/parts/ink'

/** Whether a trigger fires for an organisation, and if not why. */
export function Covers({
  workflow,
  trigger,
  organisation,
}: {
  workflow: string
  trigger: string
  organisation: string
}) {
  const params = { path: { workflow, trigger } }
  const shown = query.useQuery('get', '/triggers/{workflow}/{trigger}', { params }, { retry: false })
  if (!shown.data) return null
  const covers = shown.data.covers ?? []
  const own = organisation ? covers.find(c => c.slug === organisation) : undefined
  if (!organisation || own?.enabled)
    return (
      <Text size="sm" className="g-quiet">
        The trigger covers {covers.length} {covers.length === 1 ? 'organisation' : 'organisations'}
        {own ? `, ${own.name} among them.` : '.'}
      </Text>
    )
  return (
    <Text size="sm" c={ink('orange')}>
      {own
        ? `The trigger is switched off for ${own.name}${own.why ? `: ${own.why}` : ''}.`
        : 'The trigger does not cover this organisation: add it to run_for in the workflow, or start it by hand.'}
    </Text>
  )
}
