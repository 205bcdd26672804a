import { Paper, Stack, Table, Text, Title } from '@mantine/core'
import { Loaded } from '~/parts/Page'
import { useInputs, useResult } from './asked'
import { type Difference, differences, type Pair } from './compare'
import type { Task } from './steps'

const most = 60

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
      <Title order={3}>{title}</Title>
      {found.length === 0 ? (
        <Text size="sm" className="g-quiet">
          The same in both.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={420}>
          <Table layout="fixed" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="34%">Where</Table.Th>
                <Table.Th>The success</Table.Th>
                <Table.Th>This run</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.slice(0, most).map(d => (
                <Table.Tr key={d.path}>
                  <Table.Td className="g-mono" style={{ overflowWrap: 'anywhere' }}>
                    {d.path}
                  </Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown(d, 'before')}</Table.Td>
                  <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown(d, 'after')}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
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
  if (missing) return <span className="g-quiet">not there</span>
  const text = JSON.stringify(d[side]) ?? 'null'
  return text.length > 160 ? `${text.slice(0, 160)} …` : text
}

/** How what a task was given and gave differs between two runs. */
export function ValuesDiffer({ pair, before, after }: { pair: Pair<Task>; before: string; after: string }) {
  const unit = { task: pair.name, instance: pair.instance }
  const each = { stage: 'compared' }
  const had = useInputs({ ...each, run: before }, unit)
  const has = useInputs({ ...each, run: after }, unit)
  const gave = useResult({ ...each, run: before }, unit, pair.before?.finished_at != null)
  const gives = useResult({ ...each, run: after }, unit, pair.after?.finished_at != null)
  const path = `tasks.${pair.name}`
  return (
    <Stack gap="sm">
      <Title order={2}>{pair.name}</Title>
      {pair.before && pair.after ? (
        <>
          {had.data && has.data && (
            <Differences title="What it was given" before={had.data.inputs} after={has.data.inputs} path="with" />
          )}
          {pair.after.error && (
            <Differences title="Its error" before={pair.before.error} after={pair.after.error} path={`${path}.error`} />
          )}
          {pair.before.finished_at && pair.after.finished_at && (
            <Loaded of={gave} lines={2}>
              {was => (
                <Loaded of={gives} lines={2}>
                  {is => <Differences title="What it gave" before={was} after={is} path={`${path}.result`} />}
                </Loaded>
              )}
            </Loaded>
          )}
        </>
      ) : (
        <Text size="sm">
          {pair.after ? 'It did not run in the success.' : 'It ran in the success, and did not run in this run.'}
        </Text>
      )}
    </Stack>
  )
}
