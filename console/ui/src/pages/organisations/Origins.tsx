import { List, Text } from '@mantine/core'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { oneLine } from './variable'

const states = { counts: 'counts here', hidden: 'hidden by a nearer one', local: 'local, not handed down' }

interface OriginsProps {
  organisation: string
  /** The variable's. */
  name: string
  /** The names of organisations, by their slugs. */
  names: Map<string, string>
}

/** Every value of a variable on the way up to the MSP. */
export function Origins({ organisation, name, names }: OriginsProps) {
  const shown = query.useQuery('get', '/organisations/{org}/variables/{name}', {
    params: { path: { org: organisation, name } },
  })
  const origins = shown.data?.origins ?? []
  if (origins.length < 2) return null
  return (
    <div>
      <Text size="sm" fw={550}>
        On the way up
      </Text>
      <List size="sm" style={{ overflowWrap: 'anywhere' }}>
        {origins.map(v => (
          <List.Item key={v.source}>
            {v.source === organisation ? (
              (names.get(v.source) ?? v.source)
            ) : (
              <Link className="g-link" to={`${to.organisation(v.source)}?tab=variables`}>
                {names.get(v.source) ?? v.source}
              </Link>
            )}
            : {v.value === null && v.type !== 'secret' ? 'not shown to you' : oneLine(v)}{' '}
            <span className="g-quiet">({states[v.state]})</span>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
