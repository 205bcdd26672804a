import { Badge, Button, Group, Menu, Paper, Stack, Title } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate, useParams } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { NewToken } from '~/pages/access/NewToken'
import { Sessions } from '~/pages/access/Sessions'
import { Tokens } from '~/pages/access/Tokens'
import { useConfirm } from '~/parts/Confirm'
import { Loaded, Page } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { ChangeUser, GiveRole, NewPassword } from './ChangeUser'
import { Grants } from './Grants'

type User = Schemas['AccessUser']

export function UserPage() {
  const { user = '' } = useParams()
  const shown = query.useQuery('get', '/users/{user}', { params: { path: { user } } })
  return (
    <Loaded of={shown}>
      {data => (
        <Page
          title={data.name || data.login}
          above={[{ to: '/users', label: 'Users and roles' }]}
          about={data.kind === 'service' ? `A service, called ${data.login}.` : `Signs in as ${data.login}.`}
          beside={data.disabled && <Badge color="gray">kept out</Badge>}
          actions={<UserMenu user={data} />}
        >
          <Roles user={data} />
          <UsersTokens user={data} />
          {data.kind !== 'service' && <UsersSessions user={data} />}
        </Page>
      )}
    </Loaded>
  )
}

function UserMenu({ user }: { user: User }) {
  const [open, setOpen] = useState<'change' | 'password' | null>(null)
  const confirm = useConfirm()
  const navigate = useNavigate()
  const path = { user: user.id }
  const keepOut = async () => {
    try {
      await api.PATCH('/users/{user}', { params: { path }, body: { disabled: !user.disabled } })
      await refresh('users')
      tell.done(user.disabled ? `${user.login} may come in again` : `${user.login} is kept out`)
    } catch (e) {
      tell.failure(e)
    }
  }
  const remove = () =>
    confirm({
      title: `Remove ${user.login}?`,
      text: 'Their sessions end and their tokens are refused at once. What they did stays in the audit log.',
      go: 'Remove',
      danger: true,
      act: async () => {
        await api.DELETE('/users/{user}', { params: { path } })
        await refresh('users')
        tell.done(`${user.login} is removed`)
        void navigate('/users')
      },
    })
  return (
    <>
      <Button variant="default" onClick={() => setOpen('change')}>
        Change name or login
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" aria-label="More to do with this user" px="xs">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {user.kind !== 'service' && <Menu.Item onClick={() => setOpen('password')}>Give a new password</Menu.Item>}
          <Menu.Item onClick={() => void keepOut()}>{user.disabled ? 'Let in again' : 'Keep out'}</Menu.Item>
          <Menu.Item color="red" onClick={remove}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ChangeUser user={user} opened={open === 'change'} close={() => setOpen(null)} />
      <NewPassword user={user} opened={open === 'password'} close={() => setOpen(null)} />
    </>
  )
}

function Roles({ user }: { user: User }) {
  const [giving, setGiving] = useState(false)
  const confirm = useConfirm()
  const revoke = (g: Schemas['AccessGranted']) =>
    confirm({
      title: `Take the role ${g.role} away?`,
      text: `${user.login} can no longer do with ${g.organisation} what the role allowed.`,
      go: 'Take away',
      danger: true,
      act: async () => {
        await api.DELETE('/users/{user}/grants/{org}', { params: { path: { user: user.id, org: g.organisation } } })
        await refresh('users')
      },
    })
  return (
    <Paper>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2}>Roles</Title>
          <Button variant="default" size="xs" onClick={() => setGiving(true)}>
            Give a role
          </Button>
        </Group>
        <Grants grants={user.grants ?? []} revoke={revoke} />
      </Stack>
      <GiveRole user={user} opened={giving} close={() => setGiving(false)} />
    </Paper>
  )
}

function UsersTokens({ user }: { user: User }) {
  const path = { user: user.id }
  const tokens = query.useQuery('get', '/users/{user}/tokens', { params: { path } })
  const confirm = useConfirm()
  const [adding, setAdding] = useState(false)
  const make = async (body: Schemas['NewToken']) => {
    const { data } = await api.POST('/users/{user}/tokens', { params: { path }, body })
    void tokens.refetch()
    return data?.secret ?? ''
  }
  const revoke = (t: Schemas['AccessToken']) =>
    confirm({
      title: `Revoke ${t.name}?`,
      text: 'Programs that use it are refused from this moment on.',
      go: 'Revoke',
      danger: true,
      act: async () => {
        await api.DELETE('/users/{user}/tokens/{token}', { params: { path: { ...path, token: t.id } } })
        await tokens.refetch()
      },
    })
  return (
    <Paper>
      <Stack gap="xs">
        <Title order={2}>API tokens</Title>
        <Loaded of={tokens} lines={2}>
          {data => <Tokens tokens={data.tokens ?? []} revoke={revoke} add={() => setAdding(true)} />}
        </Loaded>
      </Stack>
      <NewToken opened={adding} close={() => setAdding(false)} make={make} />
    </Paper>
  )
}

function UsersSessions({ user }: { user: User }) {
  const path = { user: user.id }
  const sessions = query.useQuery('get', '/users/{user}/sessions', { params: { path } })
  const endAll = async () => {
    try {
      await api.DELETE('/users/{user}/sessions', { params: { path } })
      await sessions.refetch()
      tell.done('All their sessions have ended')
    } catch (e) {
      tell.failure(e)
    }
  }
  return (
    <Paper>
      <Stack gap="xs">
        <Title order={2}>Sessions</Title>
        <Loaded of={sessions} lines={2}>
          {data => <Sessions sessions={data.sessions ?? []} endAll={() => void endAll()} all="End all" />}
        </Loaded>
      </Stack>
    </Paper>
  )
}
