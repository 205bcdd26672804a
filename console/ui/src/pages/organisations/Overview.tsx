import { Badge, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { EditTags, MoveOrganisation, RemoveOrganisation, RenameOrganisation } from './changes'
import { NewOrganisation } from './NewOrganisation'
import { type Organisation, tagsOf } from './tree'

type Detail = Schemas['OrganisationDetail']
type Open = 'rename' | 'tags' | 'move' | 'remove' | 'child' | null

/** What an organisation is called, where it stands, and what can be done with it. */
export function Overview({ organisation: o, all }: { organisation: Detail; all: Organisation[] }) {
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const root = !o.parent_id
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Facts organisation={o} edit={setOpen} />
        <Children organisation={o} all={all} add={() => setOpen('child')} />
      </SimpleGrid>
      {!root && <Ends organisation={o} open={setOpen} />}
      {open === 'rename' && <RenameOrganisation organisation={o} close={close} />}
      {open === 'tags' && <EditTags organisation={o} known={tagsOf(all)} close={close} />}
      {open === 'move' && <MoveOrganisation organisation={o} close={close} />}
      {open === 'remove' && <RemoveOrganisation organisation={o} close={close} />}
      {open === 'child' && <NewOrganisation tags={tagsOf(all)} parent={o.slug} close={close} />}
    </Stack>
  )
}

function Facts({ organisation: o, edit }: { organisation: Detail; edit: (what: Open) => void }) {
  const former = o.former_slugs ?? []
  return (
    <Paper component="section" aria-label="What it is">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>What it is</Title>
          <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={() => edit('rename')}>
            Rename
          </AllowedButton>
        </Group>
        <Fact label="Name">{o.name}</Fact>
        <Fact label="Slug">
          <span className="g-mono">{o.slug}</span>
        </Fact>
        {former.length > 0 && (
          <Fact label="Also found by">
            <span className="g-mono">{former.join(', ')}</span>
          </Fact>
        )}
        <Fact label="Since">
          <When at={o.created_at} />
        </Fact>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Fact label="Tags">
            {(o.tags ?? []).length > 0 ? (
              <Group gap={4} component="span">
                {(o.tags ?? []).map(t => (
                  <Badge key={t} color="gray">
                    {t}
                  </Badge>
                ))}
              </Group>
            ) : (
              <span className="g-quiet">none</span>
            )}
          </Fact>
          <AllowedButton needs="admin" size="xs" variant="default" onClick={() => edit('tags')}>
            Change tags
          </AllowedButton>
        </Group>
      </Stack>
    </Paper>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Group gap="md" wrap="nowrap" align="baseline">
      <Text size="sm" className="g-quiet" w={96} style={{ flex: 'none' }}>
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Group>
  )
}

const shownAtMost = 30

function Children({ organisation: o, all, add }: { organisation: Detail; all: Organisation[]; add: () => void }) {
  const children = o.children ?? []
  const names = new Map(all.map(a => [a.slug, a.name]))
  return (
    <Paper component="section" aria-label="Below it">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Below it</Title>
        <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={add}>
          Add one below
        </AllowedButton>
      </Group>
      {children.length === 0 ? (
        <Text size="sm" className="g-quiet">
          No organisation stands below {o.name}. Those below inherit its variables.
        </Text>
      ) : (
        <List size="sm" listStyleType="none" spacing={4}>
          {children.slice(0, shownAtMost).map(slug => (
            <List.Item key={slug}>
              <Link className="g-link" to={to.organisation(slug)}>
                {names.get(slug) ?? slug}
              </Link>
            </List.Item>
          ))}
          {children.length > shownAtMost && (
            <List.Item>
              <Link className="g-link" to="/organisations">
                {children.length - shownAtMost} more in the tree
              </Link>
            </List.Item>
          )}
        </List>
      )}
    </Paper>
  )
}

function Ends({ organisation: o, open }: { organisation: Detail; open: (what: Open) => void }) {
  const [busy, setBusy] = useState(false)
  const turn = async () => {
    setBusy(true)
    try {
      await api.PATCH('/organisations/{org}', { params: { path: { org: o.slug } }, body: { enabled: !o.enabled } })
      tell.done(o.enabled ? `No runs begin for ${o.name} now.` : `Runs begin for ${o.name} again.`)
      await refresh('organisations')
    } catch (e) {
      tell.failure(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Paper component="section" aria-label="Move, switch off, remove">
      <Title order={2} mb="sm">
        Move, switch off, remove
      </Title>
      <Stack gap="md">
        <Deed text="Below another organisation it inherits that one's variables, secrets included.">
          <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={() => open('move')}>
            Move
          </AllowedButton>
        </Deed>
        <Deed
          text={
            o.enabled
              ? 'Switched off, no runs begin for it. Those that are going on finish.'
              : 'It is switched off: no runs begin for it.'
          }
        >
          <AllowedButton
            needs="admin"
            everywhere={false}
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => void turn()}
          >
            {o.enabled ? 'Switch off' : 'Switch on'}
          </AllowedButton>
        </Deed>
        <Deed text="Removing keeps everything: it can be restored, with those that went along.">
          <AllowedButton
            needs="admin"
            everywhere={false}
            size="xs"
            variant="default"
            c="light-dark(var(--mantine-color-red-9), var(--mantine-color-red-3))"
            onClick={() => open('remove')}
          >
            Remove
          </AllowedButton>
        </Deed>
      </Stack>
    </Paper>
  )
}

function Deed({ text, children }: { text: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" gap="md">
      <Text size="sm" flex="1 1 260px">
        {text}
      </Text>
      {children}
    </Group>
  )
}
