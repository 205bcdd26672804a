import { Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { EditTags, MoveOrganisation, RenameOrganisation } from './changes'
import { Ends } from './Ends'
import { Facts } from './Facts'
import { NewOrganisation } from './NewOrganisation'
import { RemoveOrganisation } from './RemoveOrganisation'
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
