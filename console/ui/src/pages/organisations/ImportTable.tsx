import { Anchor, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { Problem } from '~/parts/Problem'
import { ChooseFile } from './ChooseFile'
import { isUnreadable, read } from './chosenFile'
import { TableOutcome } from './TableOutcome'

type Report = Schemas['ImportOrganisationsOutBody']

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
      const table = await read(file, f => f.arrayBuffer())
      const { data } = await api.POST('/organisations/import', {
        params: { query: { update, dry_run: dryRun } },
        body: '',
        bodySerializer: () => table,
        headers: { 'Content-Type': 'text/csv' },
      })
      setReport(data ?? null)
      if (!dryRun) await refresh('organisations', 'variables')
    } catch (e) {
      if (isUnreadable(e)) {
        setFile(null)
        setReport(null)
      }
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
        <ChooseFile
          label="Table (CSV)"
          description="Separated by commas, semicolons or tabs. UTF-8, or UTF-16 as spreadsheets write it."
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
        {report && <TableOutcome report={report} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {report && !planned ? 'Done' : 'Leave it'}
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
