import { Paper, Stack, Tabs, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { NewToken } from '~/pages/access/NewToken'
import { Sessions } from '~/pages/access/Sessions'
import { Tokens } from '~/pages/access/Tokens'
import { useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Loaded, Page } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { Grants } from '../users/Grants'
import { PasswordForm } from './PasswordForm'

/** One's own account. */
export function MePage() {
  const { me } = useSession()
  const [tab, setTab] = useAddress('tab', 'account')
  return (
    <Page
      title={me.name}
      about={me.user ? `You sign in as ${me.user.login}.` : 'You call from the server itself, and may do everything.'}
    >
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="account">Roles and password</Tabs.Tab>
          <Tabs.Tab value="tokens">API tokens</Tabs.Tab>
          <Tabs.Tab value="sessions">Sessions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="account" pt="md">
          <Stack>
            <Paper>
              <Title order={2} mb="xs">
                Your roles
              </Title>
              <Grants grants={me.user?.grants ?? []} />
            </Paper>
            {me.user?.has_password && <PasswordForm />}
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="tokens" pt="md">
          <MyTokens />
        </Tabs.Panel>
        <Tabs.Panel value="sessions" pt="md">
          <MySessions />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function MyTokens() {
  const tokens = query.useQuery('get', '/me/tokens')
  const confirm = useConfirm()
  const [adding, setAdding] = useState(false)
  const make = async (body: Schemas['NewToken']) => {
    const { data } = await api.POST('/me/tokens', { body })
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
        await api.DELETE('/me/tokens/{token}', { params: { path: { token: t.id } } })
        await tokens.refetch()
        tell.done(`${t.name} is revoked`)
      },
    })
  return (
    <Loaded of={tokens}>
      {data => (
        <>
          <Tokens tokens={data.tokens ?? []} revoke={revoke} add={() => setAdding(true)} />
          <NewToken opened={adding} close={() => setAdding(false)} make={make} own />
        </>
      )}
    </Loaded>
  )
}

function MySessions() {
  const sessions = query.useQuery('get', '/me/sessions')
  const end = async (session?: string) => {
    try {
      if (session) await api.DELETE('/me/sessions/{session}', { params: { path: { session } } })
      else await api.DELETE('/me/sessions')
      await sessions.refetch()
      tell.done(session ? 'The session has ended' : 'Your other sessions have ended')
    } catch (e) {
      tell.failure(e)
    }
  }
  return (
    <Stack gap="xs">
      <Text size="sm" className="g-quiet">
        A session ends after 12 hours without use, and after 7 days in any case.
      </Text>
      <Loaded of={sessions}>
        {data => (
          <Sessions
            sessions={data.sessions ?? []}
            end={id => void end(id)}
            endAll={() => void end()}
            all="End all but this one"
          />
        )}
      </Loaded>
    </Stack>
  )
}
