import { Badge, Stack, Text } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { HintLine } from '~/parts/HintLine'
import { type Column, List } from '~/parts/List'
import { sentence } from '~/parts/Problem'

type Report = Schemas['ImportOrganisationsOutBody']
type Row = Schemas['OrgsImportRow']

const colours: Record<string, string> = { imported: 'green', updated: 'green', failed: 'red' }

const columns: Column<Row>[] = [
  { label: 'Line', cell: r => `line ${r.line}`, width: 80 },
  {
    label: 'Outcome',
    width: 110,
    cell: r => {
      const colour = colours[r.status] ?? 'gray'
      return (
        <Badge
          color={colour}
          styles={{
            root: {
              color: `light-dark(color-mix(in srgb, var(--mantine-color-${colour}-9) 75%, black), var(--mantine-color-${colour}-2))`,
            },
          }}
        >
          {r.status}
        </Badge>
      )
    },
  },
  { label: 'Name', cell: r => r.name },
  { label: 'Slug', cell: r => <span className="g-quiet g-mono">{r.slug}</span> },
  {
    label: 'Why',
    cell: r => (
      <>
        {r.reason && sentence(r.reason)} {r.hint && <HintLine hint={r.hint} />}
      </>
    ),
  },
]

const shownAtMost = 200

/** What becomes of each row of a table, and why. */
export function TableOutcome({ report }: { report: Report }) {
  const rows = report.rows ?? []
  // What went wrong is looked at first.
  const sorted = rows.toSorted(
    (a, b) => Number(b.status === 'failed') - Number(a.status === 'failed') || a.line - b.line,
  )
  const failed = report.counts?.failed ?? 0
  const counts = Object.entries(report.counts ?? {}).filter(([, n]) => n > 0)
  return (
    <Stack gap="xs">
      <Text size="sm" fw={550} role="status">
        {report.dry_run ? 'It would be so: ' : 'Done: '}
        {counts.map(([status, n]) => `${n} ${status}`).join(', ') || 'nothing'}.
      </Text>
      <List
        label="What becomes of each row"
        rows={sorted.slice(0, shownAtMost)}
        columns={columns}
        id={r => `${r.line}`}
      />
      {rows.length > shownAtMost && (
        <Text size="sm" className="g-quiet">
          and {rows.length - shownAtMost} more rows{failed > shownAtMost ? '' : ' without a mistake'}
        </Text>
      )}
    </Stack>
  )
}
