import { Anchor, Badge, Button, Checkbox, FileInput, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { type Column, List } from '~/parts/List'
import { Problem, sentence } from '~/parts/Problem'

type Report = Schemas['ImportOrganisationsOutBody']
type Row = Schemas['OrgsImportRow']

const template =
  'name;slug;parent;tags;var:seats:number\r\nContoso Ltd;contoso;;managed,gold;40\r\nContoso Berlin;;contoso;;12\r\n'

/** Makes organisations of the rows of a table: first it tells what would become of each. */
export function ImportTable({ close }: { close: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [update, setUpdate] = useState(false)
  const [report, setReport] = useState<Report | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const send = async (dryRun: boolean) => {
    if (!file) return
    setBusy(true)
    setError(null)
    try {
      const table = await file.arrayBuffer()
      const { data } = await api.POST('/organisations/import', {
        params: { query: { update, dry_run: dryRun } },
        body: '',
        bodySerializer: () => table,
        headers: { 'Content-Type': 'text/csv' },
      })
      setReport(data ?? null)
      if (!dryRun) await refresh('organisations', 'variables')
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const again = () => {
    setReport(null)
    setError(null)
  }
  const planned = report?.dry_run === true
  const count = (report?.counts?.imported ?? 0) + (report?.counts?.updated ?? 0)
  return (
    <Modal opened onClose={close} title="Import organisations from a table" size="xl">
      <Stack>
        <Text size="sm">
          Each row is an organisation. A wrong row is told with its line, and does not keep the others from being
          imported. Begin with{' '}
          <Anchor
            href={`data:text/csv;charset=utf-8,${encodeURIComponent(template)}`}
            download="organisations.csv"
            underline="always"
            inherit
          >
            this template
          </Anchor>
          ; the columns are explained in the handbook under Organisations.
        </Text>
        <FileInput
          label="Table (CSV)"
          description="Separated by commas, semicolons or tabs. UTF-8, or UTF-16 as spreadsheets write it."
          placeholder="Choose a file"
          styles={{ placeholder: { color: 'var(--g-quiet)' } }}
          accept=".csv,.tsv,.txt,text/csv"
          value={file}
          onChange={next => {
            setFile(next)
            again()
          }}
        />
        <Checkbox
          label="Change organisations that exist"
          description="They get what their row says. Without it they are skipped."
          checked={update}
          onChange={e => {
            setUpdate(e.currentTarget.checked)
            again()
          }}
        />
        <Problem error={error} />
        {report && <Outcome report={report} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {report && !planned ? 'Close' : 'Leave it'}
          </Button>
          {!report || !planned ? (
            <Button loading={busy} disabled={!file || report !== null} onClick={() => void send(true)}>
              Look what would be done
            </Button>
          ) : (
            <Button loading={busy} disabled={count === 0} onClick={() => void send(false)}>
              Import {count} organisation{count === 1 ? '' : 's'}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

const colours: Record<string, string> = { imported: 'green', updated: 'green', failed: 'red' }

const columns: Column<Row>[] = [
  { label: 'Line', cell: r => r.line, width: 60 },
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
        {r.reason && sentence(r.reason)} {r.hint && sentence(r.hint)}
      </>
    ),
  },
]

const shownAtMost = 200

function Outcome({ report }: { report: Report }) {
  const rows = report.rows ?? []
  // What went wrong is looked at first.
  const sorted = rows.toSorted(
    (a, b) => Number(b.status === 'failed') - Number(a.status === 'failed') || a.line - b.line,
  )
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
          and {rows.length - shownAtMost} more rows without a mistake
        </Text>
      )}
    </Stack>
  )
}
