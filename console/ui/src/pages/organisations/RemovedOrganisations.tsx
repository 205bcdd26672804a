import { ActionIcon, Group, Stack, Text } from '@mantine/core'
import { IconArchive, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { Empty } from '~/parts/Empty'
import { type Column, List } from '~/parts/List'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { DeleteForGood } from './DeleteForGood'
import { LeftOut } from './LeftOut'
import type { Organisation } from './tree'

type Restored = Schemas['RestoreOrganisationOutBody']

/** Organisations that were removed; they can come back. */
export function RemovedOrganisations({ search }: { search: string }) {
  const removed = query.useQuery('get', '/organisations', { params: { query: { removed: true } } })
  const [restored, setRestored] = useState<Restored | null>(null)
  const [busy, setBusy] = useState('')
  const [deleting, setDeleting] = useState<Organisation | 'old' | null>(null)
  const { mayAnywhere } = useSession()
  const living = useOrganisationName()
  const restore = async (slug: string) => {
    setBusy(slug)
    try {
      const { data } = await api.POST('/removed-organisations/{slug}/restore', { params: { path: { slug } } })
      if (!data) return
      setRestored(data)
      const n = data.organisations?.length ?? 1
      tell.done(n > 1 ? `${data.name} is back, with ${n - 1} below it.` : `${data.name} is back.`)
      await refresh('organisations', 'mappings', 'integrations')
    } catch (e) {
      tell.failure(e)
    } finally {
      setBusy('')
    }
  }
  const names = new Map(removed.data?.organisations?.map(o => [o.slug, o.name]))
  const nameOf = (slug = '') => names.get(slug) ?? living(slug)
  const columns: Column<Organisation>[] = [
    { label: 'Name', cell: o => o.name },
    { label: 'Slug', cell: o => <span className="g-quiet g-mono">{o.slug}</span> },
    { label: 'Was below', cell: o => nameOf(o.parent) },
    { label: 'Removed', cell: o => <When at={o.deleted_at} /> },
    {
      label: '',
      align: 'right',
      cell: o => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
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
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={!mayAnywhere('admin')}
            aria-label={`Delete ${o.name} for good`}
            onClick={() => setDeleting(o)}
          >
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
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
                Removed organisations stand here: they can be restored, or deleted for good. Nothing is ever deleted by
                itself.
              </Empty>
            ) : (
              <>
                <Group justify="space-between" gap="sm">
                  <Text size="sm" className="g-quiet" flex="1 1 260px">
                    They can be restored, with those that went along. Nothing is ever deleted by itself.
                  </Text>
                  <AllowedButton needs="admin" size="xs" variant="default" onClick={() => setDeleting('old')}>
                    Delete what was removed 30 days ago or earlier …
                  </AllowedButton>
                </Group>
                <List
                  label="Removed organisations"
                  rows={all.filter(o => `${o.name} ${o.slug}`.toLowerCase().includes(wanted))}
                  columns={columns}
                  id={o => o.id}
                />
              </>
            )}
            {deleting && (
              <DeleteForGood organisation={deleting === 'old' ? undefined : deleting} close={() => setDeleting(null)} />
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}
