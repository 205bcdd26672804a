import { Paper, Stack, Text, Title } from '@mantine/core'
import { type Column, List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { useInputs, useResult } from './asked'
import { type Difference, differences, type Pair } from './compare'
import type { Task } from './steps'

const most = 60

const anywhere = { overflowWrap: 'anywhere' } as const

const columns: Column<Difference>[] = [
  {
    label: 'Where',
    width: '34%',
    cell: d => (
      <Text span size="sm" className="g-mono" style={anywhere}>
        {d.path}
      </Text>
    ),
  },
  { label: 'The success', width: '33%', cell: d => shown(d, 'before') },
  { label: 'This run', width: '33%', cell: d => shown(d, 'after') },
]

interface DifferencesProps {
  title: string
  before: unknown
  after: unknown
  path: string
}

/** Where two values differ, the first places first. */
export function Differences({ title, before, after, path }: DifferencesProps) {
  const found = differences(before, after, path, most + 1)
  return (
    <Paper component="section" aria-label={title} p="sm">
      <Title order={2} size="h3">
        {title}
      </Title>
      {found.length === 0 ? (
        <Text size="sm" className="g-quiet">
          The same in both.
        </Text>
      ) : (
        <List label={title} rows={found.slice(0, most)} columns={columns} id={d => d.path} />
      )}
      {found.length > most && (
        <Text size="xs" className="g-quiet">
          These are the first {most} places; there are more.
        </Text>
      )}
    </Paper>
  )
}

function shown(d: Difference, side: 'before' | 'after') {
  const missing = (d.kind === 'added' && side === 'before') || (d.kind === 'removed' && side === 'after')
  const text = missing ? 'not there' : (JSON.stringify(d[side]) ?? 'null')
  return (
    <Text span size="sm" className={missing ? 'g-quiet' : undefined} style={anywhere}>
      {text.length > 160 ? `${text.slice(0, 160)} …` : text}
    </Text>
  )
}

/** How what a task was given and gave differs between two runs. */
export function ValuesDiffer({ pair, before, after }: { pair: Pair<Task>; before: string; after: string }) {
  const unit = { task: pair.name, instance: pair.instance }
  const had = useInputs({ run: before, stage: 'compared' }, unit)
  const has = useInputs({ run: after, stage: 'compared' }, unit)
  const path = `tasks.${pair.name}`
  if (!pair.before || !pair.after)
    return (
      <Text size="sm">
        {pair.name} {pair.after ? 'did not run in the success.' : 'ran in the success, and did not run in this run.'}
      </Text>
    )
  return (
    <Stack gap="sm">
      <Title order={2}>{pair.name}</Title>
      {had.data && has.data && (
        <Differences title="What it was given" before={had.data.inputs} after={has.data.inputs} path="with" />
      )}
      {(pair.before.error || pair.after.error) && (
        <Differences
          title="Its error"
          before={pair.before.error ?? {}}
          after={pair.after.error ?? {}}
          path={`${path}.error`}
        />
      )}
      <Results pair={pair} before={before} after={after} path={`${path}.result`} />
    </Stack>
  )
}

interface ResultsProps {
  pair: Pair<Task>
  before: string
  after: string
  path: string
}

/** What the task gave in both runs; a result that was left out for its size is read for itself. */
function Results({ pair, before, after, path }: ResultsProps) {
  const unit = { task: pair.name, instance: pair.instance }
  const large = pair.before?.result_bytes !== undefined || pair.after?.result_bytes !== undefined
  const gave = useResult({ run: before, stage: 'compared' }, unit, large)
  const gives = useResult({ run: after, stage: 'compared' }, unit, large)
  if (!large)
    return <Differences title="What it gave" before={pair.before?.result} after={pair.after?.result} path={path} />
  return (
    <Loaded of={gave} lines={2}>
      {was => (
        <Loaded of={gives} lines={2}>
          {is => <Differences title="What it gave" before={was} after={is} path={path} />}
        </Loaded>
      )}
    </Loaded>
  )
}
