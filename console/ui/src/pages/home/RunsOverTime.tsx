import { Button, Group, Paper, Skeleton, Table, Title } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useNavigate } from 'react-router'
import type { Schemas } from '~/api/client'
import { endOf, type Period } from './period'
import { series } from './series'

const Chart = lazy(async () => ({ default: (await import('./Chart')).Chart }))

export type Bucket = Schemas['RunsInBucket']

/** How many runs ended, by how they ended; a click leads to the runs of that time. */
export function RunsOverTime({
  buckets,
  period,
  organisation,
}: {
  buckets: Bucket[]
  period: Period
  organisation: string
}) {
  const navigate = useNavigate()
  const [table, setTable] = useState(false)
  const open = (at: string) => {
    const params = new URLSearchParams({
      since: at,
      until: endOf(period.bucket, new Date(at)).toISOString(),
      ...(organisation ? { organisation } : {}),
    })
    void navigate(`/runs?${params}`)
  }
  return (
    <Paper component="section" aria-label="Runs over time">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Runs over time</Title>
        <Button variant="subtle" size="compact-sm" onClick={() => setTable(!table)} aria-pressed={table}>
          {table ? 'Draw it' : 'As a table'}
        </Button>
      </Group>
      {table ? (
        <AsTable buckets={buckets} period={period} open={open} />
      ) : (
        <Suspense fallback={<Skeleton h={220} />}>
          <Chart buckets={buckets} bucket={period.bucket} open={open} />
        </Suspense>
      )}
    </Paper>
  )
}

function AsTable({ buckets, period, open }: { buckets: Bucket[]; period: Period; open: (at: string) => void }) {
  const told = (at: string) =>
    new Date(at).toLocaleString(
      'en-GB',
      period.bucket === 'hour'
        ? { weekday: 'short', hour: '2-digit', minute: '2-digit' }
        : { day: 'numeric', month: 'short' },
    )
  return (
    <Table.ScrollContainer minWidth={420} maxHeight={320}>
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{period.bucket === 'week' ? 'Week of' : 'Time'}</Table.Th>
            {series.map(s => (
              <Table.Th key={s.key} ta="right">
                {s.label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {buckets.map(b => (
            <Table.Tr key={b.at}>
              <Table.Td>
                <Button variant="subtle" size="compact-sm" onClick={() => open(b.at)}>
                  {told(b.at)}
                </Button>
              </Table.Td>
              {series.map(s => (
                <Table.Td key={s.key} ta="right">
                  {b[s.key]}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
