import { Button, Group, Modal, PasswordInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { type Role, roles, useSession } from '~/app/session'
import { roleTexts } from '~/pages/access/scopes'
import { to } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'

/** Adds a person or a service, with a first role. */
export function AddUser({ opened, close }: { opened: boolean; close: () => void }) {
  return (
    <Modal opened={opened} onClose={close} title="Add a user">
      <UserForm close={close} />
    </Modal>
  )
}

function UserForm({ close }: { close: () => void }) {
  const navigate = useNavigate()
  const [kind, setKind] = useState<'person' | 'service'>('person')
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [organisation, setOrganisation] = useState(useAdministered())
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      const { data } = await api.POST('/users', {
        body: {
          kind,
          login,
          name,
          ...(password ? { password } : {}),
          grants: [{ role, organisation: organisation || '_' }],
        },
      })
      await refresh('users')
      tell.done(`${login} is added`)
      close()
      if (data) void navigate(to.user(data.id))
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        <SegmentedControl
          aria-label="What is added"
          value={kind}
          onChange={v => setKind(v as 'person' | 'service')}
          data={[
            { value: 'person', label: 'A person' },
            { value: 'service', label: 'A service, with tokens only' },
          ]}
        />
        <TextInput
          label="E-mail address, or a short name"
          required
          value={login}
          onChange={e => setLogin(e.currentTarget.value)}
          data-autofocus
        />
        <TextInput label="Name" value={name} onChange={e => setName(e.currentTarget.value)} />
        {kind === 'person' && (
          <PasswordInput
            label="First password"
            description="At least 12 characters. Leave it out for those who sign in through the provider."
            autoComplete="new-password"
            value={password}
            onChange={e => setPassword(e.currentTarget.value)}
          />
        )}
        <RoleFields role={role} setRole={setRole} organisation={organisation} setOrganisation={setOrganisation} />
        <Problem error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface RoleProps {
  role: Role
  setRole: (role: Role) => void
  organisation: string
  setOrganisation: (slug: string) => void
}

/** The organisation that the caller administers, where that is not the MSP: roles are given there, and below. */
export function useAdministered(): string {
  const { me, mayEverywhere } = useSession()
  if (mayEverywhere('admin')) return ''
  return me.user?.grants?.find(g => g.role === 'admin')?.organisation ?? ''
}

/** A role, and over what. */
export function RoleFields({ role, setRole, organisation, setOrganisation }: RoleProps) {
  const { mayEverywhere } = useSession()
  return (
    <>
      <Select
        label="Role"
        description={roleTexts[role]}
        allowDeselect={false}
        data={[...roles]}
        value={role}
        onChange={v => setRole((v ?? 'viewer') as Role)}
      />
      <OrganisationPicker
        label="Over"
        description="and everything below it"
        none={mayEverywhere('admin') ? 'the MSP: everybody' : undefined}
        value={organisation}
        onChange={setOrganisation}
      />
    </>
  )
}
