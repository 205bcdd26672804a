import { Badge, Code, Group } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconShieldCheck } from '@tabler/icons-react'
import { keepPreviousData } from '@tanstack/react-query'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { NotForYou } from '~/parts/NotForYou'
import { useOrganisationNameById } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { When } from '~/parts/When'
import { AuditFilters, useAsked, useFilters } from './AuditFilters'

type Entry = Schemas['AccessEntry']

const outcomes: Record<string, string> = { done: 'green', refused: 'orange', failed: 'red' }

/** What was done and refused, for those who administer something. */
export function AuditPage() {
  const { mayAnywhere } = useSession()
  return mayAnywhere('admin') ? <Audit /> : <NotForYou title="Audit" needs="admin" />
}

function Audit() {
  const [filters, change] = useFilters()
  const [asked] = useDebouncedValue(filters, 250)
  const entries = query.useInfiniteQuery(
    'get',
    '/audit',
    { params: { query: { limit: 50, ...useAsked(asked) } } },
    {
      pageParamName: 'cursor',
      initialPageParam: '',
      getNextPageParam: last => last.next,
      placeholderData: keepPreviousData,
    },
  )
  const all = entries.data?.pages.flatMap(p => p.entries ?? [])
  return (
    <Page
      title="Audit"
      about="Every request that changed something or tried to, with who made it and how it ended. Nobody can change what stands here."
    >
      <AuditFilters filters={filters} change={change} />
      <Loaded of={{ ...entries, data: all }}>
        {rows =>
          rows.length === 0 && Object.values(filters).every(f => f === '') ? (
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
        { label: 'What', cell: e => <Code style={whole}>{e.operation}</Code> },
        { label: 'When', cell: e => <When at={e.at} /> },
        { label: 'Who', cell: e => whoOf(e) },
        { label: 'From', cell: e => <span className="g-mono">{e.address}</span> },
        { label: 'Organisation', cell: e => (e.organisation_id ? name(e.organisation_id) : '') },
        { label: 'Of', cell: e => <span className="g-mono">{e.target}</span> },
        { label: 'Details', cell: e => detailsOf(e) },
        { label: 'How it ended', cell: e => <Ended entry={e} /> },
      ]}
    />
  )
}

const whole = { whiteSpace: 'nowrap' } as const

function Ended({ entry: e }: { entry: Entry }) {
  return (
    <Group gap={6}>
      <Badge color={outcomes[e.outcome] ?? 'gray'}>{e.outcome}</Badge>
      {e.code && <Code style={whole}>{e.code}</Code>}
    </Group>
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
