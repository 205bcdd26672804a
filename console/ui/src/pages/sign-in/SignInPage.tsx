import { Anchor, Button, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'react-router'
import { cache } from '~/api/cache'
import { api, base } from '~/api/client'
import { Splash } from '~/app/Splash'
import { Problem } from '~/parts/Problem'

interface Ways {
  password: boolean
  provider?: string
  set_up: boolean
}

/** How to sign in, also for those whose session has ended. Afterwards the page that was asked for is shown. */
export function SignInPage({ ways, ended }: { ways: Ways; ended: boolean }) {
  const { pathname, search } = useLocation()
  if (ways.set_up) return <FirstSteps />
  const provider = `${base}/sign-in/provider?return=${encodeURIComponent(pathname + search)}`
  return (
    <Splash>
      <Paper w="100%" p="lg">
        <Stack>
          <Title order={1} size="h2">
            Sign in to Gantry
          </Title>
          {ended && (
            <Text size="sm" role="status">
              Your session has ended. Sign in again to go on where you were.
            </Text>
          )}
          {ways.provider && (
            <Button component="a" href={provider} variant={ways.password ? 'default' : 'filled'} fullWidth>
              With {ways.provider}
            </Button>
          )}
          {ways.provider && ways.password && <Divider label="or with a password" />}
          {ways.password && <PasswordForm />}
        </Stack>
      </Paper>
    </Splash>
  )
}

function PasswordForm() {
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await api.POST('/sign-in', { body: { login, password } })
      await cache.resetQueries()
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        <TextInput
          label="E-mail address, or login"
          autoComplete="username"
          required
          autoFocus
          value={login}
          onChange={e => setLogin(e.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={e => setPassword(e.currentTarget.value)}
        />
        <Problem error={error} unlinked />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}

/** What is shown as long as nobody administers Gantry. */
function FirstSteps() {
  return (
    <Splash>
      <Paper w="100%" p="lg">
        <Stack>
          <Title order={1} size="h2">
            Welcome to Gantry
          </Title>
          <Text>
            Nobody administers this server yet. When it started, <b>gantry serve</b> printed a link that makes the first
            administrator: open that link in this browser. It holds for a day; a new start of the server prints a new
            one.
          </Text>
          <Text size="sm" className="g-quiet">
            On the server itself the command <code>gantry users add</code> does the same.
          </Text>
          <Anchor href="/" size="sm">
            I have done that: go on
          </Anchor>
        </Stack>
      </Paper>
    </Splash>
  )
}
