import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconPlayerPlay, IconRoute } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useSearchParams } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { Empty } from '~/parts/Empty'
import { HintLine } from '~/parts/HintLine'
import { ink } from '~/parts/ink'
import { type Column, List } from '~/parts/List'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Coming, Page } from '~/parts/Page'
import { Problem, sentence } from '~/parts/Problem'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import { RunFilters } from './Filters'
import { askedOf, type Filters, filtersOf, narrowed } from './filters'
import { startedBy } from './words'

type Run = Schemas['Run']

/** The runs, the newest first. New ones come to the top by themselves. */
export function RunsPage() {
  const [params, setParams] = useSearchParams()
  const filters = useMemo(() => filtersOf(params), [params])
  const asked = useMemo(() => askedOf(filters, Date.now()), [filters])
  const runs = query.useInfiniteQuery(
    'get',
    '/runs',
    { params: { query: { ...asked, limit: 50 } } },
    { pageParamName: 'before', initialPageParam: '', getNextPageParam: last => last.next || undefined },
  )
  const rows = runs.data?.pages.flatMap(page => page.runs ?? [])
  const change = (changed: Partial<Filters>) => {
    // What the browser says is newer than what was last drawn.
    const next = new URLSearchParams(window.location.search)
    for (const [name, value] of Object.entries(changed)) value ? next.set(name, value) : next.delete(name)
    setParams(next, { replace: true })
  }
  const fresh = rows?.length === 0 && !narrowed(filters)
  return (
    <Page title="Runs" about="What workflows did, for whom, and how it ended. New runs come to the top by themselves.">
      {!fresh && <RunFilters filters={filters} change={change} />}
      {runs.error && !rows ? (
        <Problem error={runs.error} retry={() => void runs.refetch()} />
      ) : !rows ? (
        <Coming lines={10} />
      ) : fresh ? (
        <NoRunsYet />
      ) : (
        <Rows
          rows={rows}
          searched={filters.search !== ''}
          more={runs.hasNextPage ? () => void runs.fetchNextPage() : undefined}
          loadingMore={runs.isFetchingNextPage}
        />
      )}
    </Page>
  )
}

interface RowsProps {
  rows: Run[]
  searched: boolean
  more?: () => void
  loadingMore: boolean
}

function Rows({ rows, searched, more, loadingMore }: RowsProps) {
  const name = useOrganisationName()
  const workflows = query.useQuery('get', '/workflows')
  const titles = useMemo(() => new Map(workflows.data?.workflows?.map(w => [w.id, w.title])), [workflows.data])
  const columns: Column<Run>[] = [
    { label: 'Workflow', cell: r => <Workflow run={r} title={titles.get(r.workflow) || r.workflow} /> },
    { label: 'Status', width: 130, cell: r => <Status status={r.status} /> },
    { label: 'Organisation', cell: r => <Text size="sm">{name(r.organisation)}</Text> },
    { label: 'Started by', cell: r => <Text size="sm">{startedBy(r)}</Text> },
    { label: 'Started', width: 120, cell: r => <When at={r.started_at ?? r.created_at} /> },
    { label: 'Lasted', width: 100, align: 'right', cell: r => <Lasted run={r} /> },
  ]
  return (
    <>
      <List label="Runs" rows={rows} columns={columns} id={r => r.id} more={more} loadingMore={loadingMore} />
      {rows.length === 0 && searched && (
        <Text size="sm" className="g-quiet">
          The search finds ids by their beginning or end, and whole words of inputs and trigger data. Older runs may be
          behind “Show older ones”.
        </Text>
      )}
    </>
  )
}

function Workflow({ run, title }: { run: Run; title: string }) {
  return (
    <Stack gap={2}>
      <Link to={to.run(run.id)} className="g-link">
        {title}
      </Link>
      {run.error && (
        <Text size="xs" c={ink('red')} lineClamp={2}>
          {run.error.task && <b>{run.error.task}: </b>}
          {sentence(run.error.message)} {run.error.hint && <HintLine hint={run.error.hint} />}
        </Text>
      )}
    </Stack>
  )
}

function Lasted({ run }: { run: Run }) {
  const now = useNow()
  return (
    <Text size="sm" span>
      {took(run.started_at, run.finished_at, now)}
    </Text>
  )
}

function NoRunsYet() {
  const command = 'gantry run hello'
  return (
    <Empty
      icon={IconPlayerPlay}
      title="No runs yet"
      actions={
        <Button component={Link} to="/workflows" leftSection={<IconRoute size={16} stroke={1.6} aria-hidden />}>
          Choose a workflow to test
        </Button>
      }
    >
      A run is one execution of a workflow for one organisation. It begins when a trigger fires, or when somebody tests
      a workflow. Here you see how each went, what every task was given and gave, and you mend and resume those that
      failed. From the command line:
      <Group gap={4} justify="center" mt="xs">
        <Code>{command}</Code>
        <Copy text={command} label="Copy the command" />
      </Group>
    </Empty>
  )
}
