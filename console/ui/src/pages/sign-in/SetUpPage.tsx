import { Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { api } from '~/api/client'
import { Splash } from '~/app/Splash'
import { Problem } from '~/parts/Problem'

// The link's secret stands behind its #, so that it reaches no log; it leaves the address at once.
function takeSecret(): string {
  const secret = window.location.hash.slice(1)
  if (secret) window.history.replaceState(window.history.state, '', window.location.pathname)
  return secret
}

/** Makes the first administrator. */
export function SetUpPage() {
  const [secret, setSecret] = useState(takeSecret)
  useEffect(() => {
    // Whoever opens the whole link where this page is open already gets no new page of it.
    const hear = () => setSecret(was => takeSecret() || was)
    window.addEventListener('hashchange', hear)
    return () => window.removeEventListener('hashchange', hear)
  }, [])
  return (
    <Splash>
      <Paper w="100%" p="lg">
        <Stack>
          <Title order={1} size="h2">
            Make the first administrator
          </Title>
          {secret ? (
            <SetUpForm key={secret} secret={secret} />
          ) : (
            <Text>
              This page needs the whole link that gantry serve printed when it started, with what stands behind the #.
              Where somebody administers this server already,{' '}
              <Anchor href="/" underline="always">
                sign in
              </Anchor>
              .
            </Text>
          )}
        </Stack>
      </Paper>
    </Splash>
  )
}

function SetUpForm({ secret }: { secret: string }) {
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const differ = again !== '' && again !== password
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (again !== password) return
    setBusy(true)
    setError(null)
    try {
      await api.POST('/set-up', { body: { secret, login, name, password } })
      window.location.assign('/')
    } catch (e) {
      setError(e)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        <Text size="sm" className="g-quiet">
          You may do everything afterwards, also add others. You are signed in at once.
        </Text>
        <TextInput
          label="E-mail address, or a short name"
          autoComplete="username"
          required
          autoFocus
          value={login}
          onChange={e => setLogin(e.currentTarget.value)}
        />
        <TextInput label="Name" autoComplete="name" value={name} onChange={e => setName(e.currentTarget.value)} />
        <PasswordInput
          label="Password"
          description="At least 12 characters; four or more words that do not belong together make a good one"
          autoComplete="new-password"
          required
          value={password}
          onChange={e => setPassword(e.currentTarget.value)}
        />
        <PasswordInput
          label="The password once more"
          autoComplete="new-password"
          required
          value={again}
          error={differ ? 'The two passwords differ' : undefined}
          onChange={e => setAgain(e.currentTarget.value)}
        />
        <Problem error={error} />
        <Button type="submit" loading={busy} disabled={differ} fullWidth>
          Set up
        </Button>
      </Stack>
    </form>
  )
}
