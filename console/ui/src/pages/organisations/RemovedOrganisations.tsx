import { Alert, Button, List, Stack, Text } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { Empty } from '~/parts/Empty'
import { type Column, List as Table } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import type { Organisation } from './tree'

type Restored = Schemas['RestoreOrganisationOutBody']

/** Organisations that were removed; they can come back. */
export function RemovedOrganisations({ search }: { search: string }) {
  const removed = query.useQuery('get', '/organisations', { params: { query: { removed: true } } })
  const [restored, setRestored] = useState<Restored | null>(null)
  const [busy, setBusy] = useState('')
  const restore = async (slug: string) => {
    setBusy(slug)
    try {
      const { data } = await api.POST('/removed-organisations/{slug}/restore', { params: { path: { slug } } })
      if (!data) return
      setRestored(data)
      const n = data.organisations?.length ?? 1
      tell.done(n > 1 ? `${data.name} is back, with ${n - 1} below it.` : `${data.name} is back.`)
      await refresh('organisations', 'mappings')
    } catch (e) {
      tell.failure(e)
    } finally {
      setBusy('')
    }
  }
  const columns: Column<Organisation>[] = [
    { label: 'Name', cell: o => o.name },
    { label: 'Slug', cell: o => <span className="g-quiet g-mono">{o.slug}</span> },
    { label: 'Was below', cell: o => o.parent },
    { label: 'Removed', cell: o => <When at={o.deleted_at} /> },
    {
      label: '',
      align: 'right',
      cell: o => (
        <AllowedButton
          needs="admin"
          everywhere={false}
          size="compact-sm"
          variant="default"
          loading={busy === o.slug}
          onClick={() => void restore(o.slug)}
        >
          Restore
        </AllowedButton>
      ),
    },
  ]
  return (
    <Loaded of={removed}>
      {data => {
        const all = data.organisations ?? []
        const wanted = search.toLowerCase()
        return (
          <Stack>
            {restored && <LeftOut restored={restored} close={() => setRestored(null)} />}
            {all.length === 0 ? (
              <Empty icon={IconArchive} title="Nothing was removed">
                Removed organisations stand here and can be restored. Nothing is ever deleted by itself:{' '}
                <code>gantry orgs purge</code> deletes what was removed 30 days ago or earlier.
              </Empty>
            ) : (
              <Table
                label="Removed organisations"
                rows={all.filter(o => `${o.name} ${o.slug}`.toLowerCase().includes(wanted))}
                columns={columns}
                id={o => o.id}
              />
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}

function LeftOut({ restored, close }: { restored: Restored; close: () => void }) {
  const left = restored.left_out ?? []
  if (left.length === 0) return null
  return (
    <Alert color="yellow" variant="light" title="Some mappings did not come back">
      <Text size="sm">Their entities are other organisations' by now:</Text>
      <List size="sm">
        {left.map(l => (
          <List.Item key={`${l.organisation} ${l.integration}`}>
            {l.name}: {l.external_name} ({l.external_id}) in {l.integration}
            {l.holder_name && ` is ${l.holder_name}'s`}
          </List.Item>
        ))}
      </List>
      <Button size="compact-sm" variant="default" mt="xs" onClick={close}>
        Understood
      </Button>
    </Alert>
  )
}
