import { Button, Checkbox, Group, SimpleGrid, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { Windowed } from '~/parts/Windowed'
import { EntityLine } from './EntityLine'

type Report = Schemas['ImportFromSystemOutBody']

/** Picks of which entities organisations are made: what there is comes first, known ones are told apart. */
export function ChooseEntities({ instance, close }: { instance: Schemas['Instance']; close: () => void }) {
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
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <OrganisationPicker label="The new ones stand below" value={parent} onChange={setParent} />
        <TagsInput label="Their tags" value={tags} onChange={setTags} />
      </SimpleGrid>
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
            row={r => <EntityLine row={r} planned={planned} picked={picked.has(r.id)} toggle={() => toggle(r.id)} />}
          />
        </>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {report && !planned ? 'Done' : 'Leave it'}
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
