import { Badge, Button, Group, Paper, Stack, Title } from '@mantine/core'
import { useState } from 'react'
import { useParams } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { NewToken } from '~/pages/access/NewToken'
import { Sessions } from '~/pages/access/Sessions'
import { Tokens } from '~/pages/access/Tokens'
import { useConfirm } from '~/parts/Confirm'
import { NotForYou } from '~/parts/NotForYou'
import { Loaded, Page } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { useAdministered } from './AddUser'
import { GiveRole } from './ChangeUser'
import { Grants } from './Grants'
import { UserMenu } from './UserMenu'

type User = Schemas['AccessUser']

export function UserPage() {
  const { mayAnywhere } = useSession()
  return mayAnywhere('admin') ? <OneUser /> : <NotForYou title="A user" needs="admin" />
}

function OneUser() {
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
  const administered = useAdministered()
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
      <NewToken opened={adding} close={() => setAdding(false)} make={make} within={administered} />
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
