import { Text } from '@mantine/core'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { Coming } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { inShort, oneLine, type Variable } from './variable'

interface RemoveProps {
  organisation: Schemas['OrganisationDetail']
  variable: Variable
  /** The names of organisations, by their slugs. */
  names: Map<string, string>
  close: () => void
}

/** Takes an organisation's own value away, and tells which one holds then. */
export function RemoveVariable({ organisation: o, variable: v, names, close }: RemoveProps) {
  const path = { org: o.slug, name: v.name }
  const shown = query.useQuery('get', '/organisations/{org}/variables/{name}', { params: { path } })
  // The nearest of those above that hand it down.
  const next = shown.data?.origins?.find(origin => origin.state === 'hidden')
  const act = async () => {
    const { data } = await api.DELETE('/organisations/{org}/variables/{name}', { params: { path } })
    tell.done(
      data?.inherited
        ? `${o.name} has ${inShort(data.inherited)} of ${data.inherited_from} again.`
        : `${v.name} is removed.`,
    )
    await refresh('variables')
  }
  return (
    <Dialogue
      title={next ? `Give back ${v.name}?` : `Remove ${v.name}?`}
      go={next ? 'Give back' : 'Remove'}
      danger
      close={close}
      act={act}
    >
      {shown.isPending && <Coming lines={2} />}
      {next && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {o.name} then inherits it from {names.get(next.source) ?? next.source} again
          {next.type === 'secret' ? '' : <>: {oneLine(next)}</>}.
        </Text>
      )}
      {!next && !shown.isPending && (
        <Text size="sm">{o.name} and those below it have none then. Workflows that need it fail without one.</Text>
      )}
    </Dialogue>
  )
}
