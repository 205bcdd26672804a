import { Anchor, Badge, Button, Checkbox, Group, Modal, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Coming } from '~/parts/Page'
import { Problem, sentence } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { Windowed } from '~/parts/Windowed'

type Report = Schemas['ImportFromSystemOutBody']
type Row = Schemas['ConnectImportRow']

/** Makes organisations of the clients in HaloPSA, or of the entities of another integration, with their mapping. */
export function ImportFromSystem({ close }: { close: () => void }) {
  const integrations = query.useQuery('get', '/integrations')
  const instances = query.useQuery('get', '/instances')
  const mappable = new Set((integrations.data?.integrations ?? []).filter(i => i.mappable).map(i => i.id))
  const usable = (instances.data?.instances ?? []).filter(i => mappable.has(i.integration))
  const [chosen, setChosen] = useState<string | null>(null)
  const instance = usable.find(i => i.id === chosen) ?? usable[0]
  return (
    <Modal opened onClose={close} title="Import organisations from an integration" size="xl">
      {!integrations.data || !instances.data ? (
        <Coming />
      ) : !instance ? (
        <Text size="sm">
          No integration is configured whose entities could become organisations.{' '}
          <Anchor component={Link} to="/integrations" underline="always" inherit>
            Configure HaloPSA first
          </Anchor>
          .
        </Text>
      ) : (
        <Stack>
          <Select
            label="From"
            data={usable.map(i => ({ value: i.id, label: `${i.title}: ${i.name} (${i.organisation_name})` }))}
            value={instance.id}
            allowDeselect={false}
            onChange={setChosen}
          />
          <Choose key={instance.id} instance={instance} close={close} />
        </Stack>
      )}
    </Modal>
  )
}

function Choose({ instance, close }: { instance: Schemas['Instance']; close: () => void }) {
  const [parent, setParent] = useState(instance.organisation)
  const [tags, setTags] = useState<string[]>([])
  const [search, setSearch] = useState('')
  const [report, setReport] = useState<Report | null>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const send = async (body: { all?: boolean; ids?: string[]; dry_run: boolean }) => {
    setBusy(true)
    setError(null)
    try {
      const { data } = await api.POST('/organisations/import/{integration}', {
        params: { path: { integration: instance.integration } },
        body: { ...body, instance: instance.name, owner: instance.organisation, parent, tags },
      })
      if (!data) return
      setReport(data)
      setPicked(new Set())
      if (!body.dry_run) {
        tell.done(`${data.imported} organisation${data.imported === 1 ? ' is' : 's are'} imported.`)
        await refresh('organisations', 'mappings')
      }
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const rows = report?.rows ?? []
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = rows.filter(r => words.every(w => `${r.name} ${r.id}`.toLowerCase().includes(w)))
  const free = shown.filter(r => r.status === 'imported')
  const planned = report?.dry_run === true
  const toggle = (id: string) =>
    setPicked(was => {
      const next = new Set(was)
      if (!next.delete(id)) next.add(id)
      return next
    })
  return (
    <>
      <Group grow align="flex-start">
        <OrganisationPicker label="The new ones stand below" value={parent} onChange={setParent} />
        <TagsInput label="Their tags" value={tags} onChange={setTags} />
      </Group>
      <Problem error={error} />
      {report && (
        <>
          <Text size="sm" role="status">
            {planned
              ? `${report.title} has ${rows.length}: ${report.imported} can be imported, ${report.skipped} are organisations already or may be.`
              : `Done: ${report.imported} imported, ${report.skipped} skipped, ${report.failed} failed.`}
          </Text>
          <TextInput
            aria-label="Search"
            placeholder="Search"
            value={search}
            onChange={e => setSearch(e.currentTarget.value)}
          />
          {planned && free.length > 0 && (
            <Checkbox
              label={`All ${free.length} that can be imported${search ? ' and are found' : ''}`}
              checked={free.every(r => picked.has(r.id))}
              indeterminate={free.some(r => picked.has(r.id)) && !free.every(r => picked.has(r.id))}
              onChange={e => {
                const on = e.currentTarget.checked
                setPicked(
                  was =>
                    new Set(
                      on ? [...was, ...free.map(r => r.id)] : [...was].filter(id => !free.some(r => r.id === id)),
                    ),
                )
              }}
            />
          )}
          <Windowed
            label={`What ${report.title} has`}
            rows={shown}
            id={r => r.id}
            estimate={38}
            maxHeight={360}
            row={r => <Line row={r} planned={planned} picked={picked.has(r.id)} toggle={() => toggle(r.id)} />}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {report && !planned ? 'Close' : 'Leave it'}
        </Button>
        {planned ? (
          <Button
            loading={busy}
            disabled={picked.size === 0}
            onClick={() => void send({ ids: [...picked], dry_run: false })}
          >
            Import {picked.size} organisation{picked.size === 1 ? '' : 's'}
          </Button>
        ) : (
          !report && (
            <Button loading={busy} onClick={() => void send({ all: true, dry_run: true })}>
              Show what there is
            </Button>
          )
        )}
      </Group>
    </>
  )
}

function Line({ row, planned, picked, toggle }: { row: Row; planned: boolean; picked: boolean; toggle: () => void }) {
  const said = row.error ? sentence(row.error.message) : row.why && sentence(row.why)
  if (planned && row.status === 'imported')
    return (
      <Checkbox
        py={8}
        px={4}
        label={
          <>
            {row.name} <span className="g-quiet g-mono">{row.id}</span>
          </>
        }
        checked={picked}
        onChange={toggle}
      />
    )
  return (
    <Group gap={8} py={6} px={4} wrap="nowrap" align="flex-start">
      <Badge color="gray" style={{ flex: 'none' }}>
        {row.status}
      </Badge>
      <Text size="sm">
        {row.organisation ? (
          <Link className="g-link" to={to.organisation(row.organisation)}>
            {row.name}
          </Link>
        ) : (
          row.name
        )}{' '}
        <span className="g-quiet g-mono">{row.id}</span> <span className="g-quiet">{said}</span>
      </Text>
    </Group>
  )
}
