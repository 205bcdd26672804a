import { Badge, Code, Select, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { query, type Schemas } from '~/api/client'
import { useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { OrganisationPicker, useOrganisationNameById } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { When } from '~/parts/When'

type Entry = Schemas['AccessEntry']

const outcomes: Record<string, { label: string; color: string }> = {
  done: { label: 'done', color: 'green' },
  refused: { label: 'refused', color: 'orange' },
  failed: { label: 'failed', color: 'red' },
}

/** What was done and refused. */
export function AuditPage() {
  const [user, setUser] = useAddress('user')
  const [operation, setOperation] = useAddress('operation')
  const [organisation, setOrganisation] = useAddress('organisation')
  const [outcome, setOutcome] = useAddress('outcome')
  const filters = {
    ...(user ? { user } : {}),
    ...(operation ? { operation } : {}),
    ...(organisation ? { organisation } : {}),
    ...(outcome ? { outcome: outcome as 'done' } : {}),
  }
  const entries = query.useInfiniteQuery(
    'get',
    '/audit',
    { params: { query: { limit: 50, ...filters } } },
    { pageParamName: 'cursor', initialPageParam: '', getNextPageParam: last => last.next },
  )
  const all = entries.data?.pages.flatMap(p => p.entries ?? [])
  return (
    <Page
      title="Audit"
      about="Every request that changed something or tried to, with who made it and how it ended. Nobody can change what stands here."
    >
      <div className="g-filters">
        <TextInput
          label="Who"
          placeholder="login"
          value={user}
          onChange={e => setUser(e.currentTarget.value)}
          w={200}
        />
        <TextInput
          label="What"
          placeholder="such as publish-workflow"
          value={operation}
          onChange={e => setOperation(e.currentTarget.value)}
          w={220}
        />
        <OrganisationPicker label="Organisation" none="all" value={organisation} onChange={setOrganisation} w={220} />
        <Select
          label="How it ended"
          placeholder="all"
          clearable
          data={Object.keys(outcomes)}
          value={outcome || null}
          onChange={setOutcome}
          w={140}
        />
      </div>
      <Loaded of={{ ...entries, data: all }}>
        {rows =>
          rows.length === 0 && Object.keys(filters).length === 0 ? (
            <Empty icon={IconShieldCheck} title="Nothing has been changed yet">
              Sign-ins, new users, published workflows, started runs and all other changes are listed here.
            </Empty>
          ) : (
            <Entries
              rows={rows}
              more={entries.hasNextPage ? () => void entries.fetchNextPage() : undefined}
              loadingMore={entries.isFetchingNextPage}
            />
          )
        }
      </Loaded>
    </Page>
  )
}

function Entries({ rows, more, loadingMore }: { rows: Entry[]; more?: () => void; loadingMore: boolean }) {
  const name = useOrganisationNameById()
  return (
    <List
      label="What was done"
      rows={rows}
      id={e => String(e.seq)}
      more={more}
      loadingMore={loadingMore}
      columns={[
        { label: 'What', cell: e => <Code>{e.operation}</Code> },
        { label: 'When', cell: e => <When at={e.at} /> },
        { label: 'Who', cell: e => whoOf(e) },
        { label: 'From', cell: e => <span className="g-mono">{e.address}</span> },
        { label: 'Organisation', cell: e => (e.organisation_id ? name(e.organisation_id) : '') },
        { label: 'Of', cell: e => <span className="g-mono">{e.target}</span> },
        { label: 'Details', cell: e => detailsOf(e) },
        {
          label: 'How it ended',
          cell: e => {
            const o = outcomes[e.outcome] ?? { label: e.outcome, color: 'gray' }
            return <Badge color={o.color}>{e.code ? `${o.label}: ${e.code}` : o.label}</Badge>
          },
        },
      ]}
    />
  )
}

function whoOf(e: Entry): string {
  if (e.kind === 'local') return e.login ? `${e.login}, on the server` : 'on the server'
  return [e.login || 'nobody signed in', e.token_name && `by token ${e.token_name}`].filter(Boolean).join(' ')
}

function detailsOf(e: Entry): string {
  return Object.entries(e.details ?? {})
    .map(([k, v]) => `${k}: ${v}`)
    .join(', ')
}
