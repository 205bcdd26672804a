import { Button, Group, Paper, PasswordInput, Stack, Title } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api } from '~/api/client'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'

/** Changes one's own password; one's other sessions end. */
export function PasswordForm() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (next !== again) return
    setBusy(true)
    setError(null)
    try {
      await api.POST('/me/password', { body: { current, new: next } })
      tell.done('Your password is changed; your other sessions have ended')
      for (const clear of [setCurrent, setNext, setAgain]) clear('')
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Paper>
      <Title order={2} mb="xs">
        Change your password
      </Title>
      <form onSubmit={event => void submit(event)}>
        <Stack maw={420}>
          <PasswordInput
            label="The one until now"
            autoComplete="current-password"
            required
            value={current}
            onChange={e => setCurrent(e.currentTarget.value)}
          />
          <PasswordInput
            label="The new one"
            description="At least 12 characters"
            autoComplete="new-password"
            required
            value={next}
            onChange={e => setNext(e.currentTarget.value)}
          />
          <PasswordInput
            label="The new one once more"
            autoComplete="new-password"
            required
            value={again}
            error={again !== '' && again !== next ? 'The two passwords differ' : undefined}
            onChange={e => setAgain(e.currentTarget.value)}
          />
          <Problem error={error} />
          <Group>
            <Button type="submit" loading={busy}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
