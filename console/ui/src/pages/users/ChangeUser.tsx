import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import type { Role } from '~/app/session'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { RoleFields, useAdministered } from './AddUser'

type User = Schemas['AccessUser']

interface DialogueProps {
  user: User
  opened: boolean
  close: () => void
}

/** A dialogue with a form that does one thing to a user. */
function Dialogue({
  title,
  go,
  opened,
  close,
  act,
  children,
}: {
  title: string
  go: string
  opened: boolean
  close: () => void
  act: () => Promise<unknown>
  children: ReactNode
}) {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await act()
      await refresh('users')
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <form onSubmit={event => void submit(event)}>
        <Stack>
          {children}
          <Problem error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={busy}>
              {go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

export function ChangeUser({ user, opened, close }: DialogueProps) {
  const [name, setName] = useState(user.name)
  const [login, setLogin] = useState(user.login)
  const act = () => api.PATCH('/users/{user}', { params: { path: { user: user.id } }, body: { name, login } })
  return (
    <Dialogue title={`Change ${user.login}`} go="Change" opened={opened} close={close} act={act}>
      <TextInput label="Name" value={name} onChange={e => setName(e.currentTarget.value)} data-autofocus />
      <TextInput
        label="E-mail address, or a short name"
        required
        value={login}
        onChange={e => setLogin(e.currentTarget.value)}
      />
    </Dialogue>
  )
}

export function NewPassword({ user, opened, close }: DialogueProps) {
  const [password, setPassword] = useState('')
  const act = async () => {
    await api.PUT('/users/{user}/password', { params: { path: { user: user.id } }, body: { password } })
    setPassword('')
    tell.done(`${user.login} has a new password; their sessions have ended`)
  }
  return (
    <Dialogue title={`A new password for ${user.login}`} go="Set it" opened={opened} close={close} act={act}>
      <PasswordInput
        label="Password"
        description="At least 12 characters. Tell it to them another way than by mail; they can change it under their account."
        required
        autoComplete="new-password"
        value={password}
        onChange={e => setPassword(e.currentTarget.value)}
        data-autofocus
      />
    </Dialogue>
  )
}

export function GiveRole({ user, opened, close }: DialogueProps) {
  const [role, setRole] = useState<Role>('viewer')
  const [organisation, setOrganisation] = useState(useAdministered())
  const act = () =>
    api.PUT('/users/{user}/grants/{org}', {
      params: { path: { user: user.id, org: organisation || '_' } },
      body: { role },
    })
  return (
    <Dialogue title={`Give ${user.login} a role`} go="Give it" opened={opened} close={close} act={act}>
      <RoleFields role={role} setRole={setRole} organisation={organisation} setOrganisation={setOrganisation} />
    </Dialogue>
  )
}
