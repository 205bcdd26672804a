import { Text } from '@mantine/core'
import { query } from '~/api/client'
import { ink } from '~/parts/ink'

/** Whether a trigger fires for an organisation ("": the MSP), and if not why. */
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
  const all = query.useQuery('get', '/organisations')
  if (!shown.data || !all.data) return null
  const covers = shown.data.covers ?? []
  const slug = organisation || all.data.organisations?.find(o => !o.parent_id)?.slug
  const own = covers.find(c => c.slug === slug)
  if (own?.enabled)
    return (
      <Text size="sm" className="g-quiet">
        {covers.length === 1
          ? `The trigger covers ${own.name} alone.`
          : `The trigger covers ${covers.length} organisations, ${own.name} among them.`}
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
