import { Anchor, Badge, Button, Group, TextInput } from '@mantine/core'
import { IconSearch, IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { NotForYou } from '~/parts/NotForYou'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { When } from '~/parts/When'
import { AddUser } from './AddUser'

type User = Schemas['AccessUser']

export function UsersPage() {
  const { mayAnywhere } = useSession()
  return mayAnywhere('admin') ? <Users /> : <NotForYou title="Users and roles" needs="admin" />
}

function Users() {
  const users = query.useQuery('get', '/users')
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="Users and roles"
      about="People sign in, services call the API with tokens. Each has roles over organisations: a role holds for the organisation and all below it."
      actions={
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
          Add a user
        </Button>
      }
    >
      <Loaded of={users}>{data => <Found users={data.users ?? []} />}</Loaded>
      <AddUser opened={adding} close={() => setAdding(false)} />
    </Page>
  )
}

function Found({ users }: { users: User[] }) {
  const [search, setSearch] = useAddress('search')
  const name = useOrganisationName()
  const words = search.toLowerCase()
  const shown = users.filter(u => `${u.login} ${u.name}`.toLowerCase().includes(words))
  if (users.length <= 1)
    return (
      <>
        <Table users={shown} name={name} />
        <Empty icon={IconUsers} title="You are alone here">
          Add those who write workflows (author), those who start runs and answer questions (operator), and those who
          only look (viewer).
        </Empty>
      </>
    )
  return (
    <>
      <TextInput
        aria-label="Search users"
        placeholder="Search by login or name"
        leftSection={<IconSearch size={16} />}
        w={{ base: '100%', sm: 320 }}
        value={search}
        onChange={e => setSearch(e.currentTarget.value)}
      />
      <Table users={shown} name={name} />
    </>
  )
}

function Table({ users, name }: { users: User[]; name: (slug: string) => string }) {
  return (
    <List
      label="Users"
      rows={users}
      id={u => u.id}
      columns={[
        {
          label: 'User',
          cell: u => (
            <Group gap="xs">
              <Anchor component={Link} to={to.user(u.id)} size="sm" fw={550}>
                {u.name || u.login}
              </Anchor>
              {u.kind === 'service' && <Badge color="grape">service</Badge>}
              {u.disabled && <Badge color="gray">kept out</Badge>}
            </Group>
          ),
        },
        { label: 'Signs in as', cell: u => u.login },
        {
          label: 'Roles',
          cell: u =>
            u.grants?.length ? (
              <Group gap={4}>
                {u.grants.map(g => (
                  <Badge key={g.organisation_id} color="gray">
                    {g.role} · {name(g.organisation)}
                  </Badge>
                ))}
              </Group>
            ) : (
              'none'
            ),
        },
        { label: 'By', cell: u => waysOf(u) },
        { label: 'Last signed in', cell: u => (u.signed_in_at ? <When at={u.signed_in_at} /> : 'never') },
      ]}
    />
  )
}

/** How somebody signs in. */
export function waysOf(u: User): string {
  if (u.kind === 'service') return 'tokens'
  const ways = [u.has_password && 'password', u.linked && 'provider'].filter(Boolean)
  return ways.join(', ') || 'no way yet'
}
