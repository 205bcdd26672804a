import { Button, Checkbox, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '~/api/client'
import { type Role, roles, useSession } from '~/app/session'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { roleTexts, scopes } from './scopes'

export interface TokenFormProps {
  /** Makes it, and gives the secret. */
  make: (token: Schemas['NewToken']) => Promise<string>
  made: (secret: string) => void
  /** It is the caller's own, and so can do nothing that they may not. */
  own?: boolean
  /** The organisation that it reaches unless another is chosen; "": all that its owner does. */
  within?: string
}

/** What a token may do, where and for how long. */
export function TokenForm({ make, made, own, within = '' }: TokenFormProps) {
  const { mayAnywhere } = useSession()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>(own && !mayAnywhere('viewer') ? [] : ['runs:read'])
  const [everything, setEverything] = useState(false)
  const [role, setRole] = useState<string | null>(null)
  const [organisation, setOrganisation] = useState(within)
  const [never, setNever] = useState(false)
  const [days, setDays] = useState<number | string>(90)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      made(
        await make({
          name,
          scopes: everything ? ['all'] : chosen,
          ...(never ? { never } : { days: Number(days) }),
          ...(role ? { role: role as Role } : {}),
          ...(organisation ? { organisation } : {}),
        }),
      )
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={event => void submit(event)}>
      <Stack>
        <TextInput
          label="Name"
          description="What uses it, such as: nightly report"
          required
          value={name}
          onChange={e => setName(e.currentTarget.value)}
          data-autofocus
        />
        <Switch
          label="All that its owner may do"
          checked={everything}
          onChange={e => setEverything(e.currentTarget.checked)}
        />
        {!everything && (
          <Checkbox.Group label="What it may do" value={chosen} onChange={setChosen}>
            <Stack gap={6} mt="xs">
              {scopes.map(s => (
                <Checkbox
                  key={s.id}
                  value={s.id}
                  label={<span className="g-mono">{s.id}</span>}
                  description={own && !mayAnywhere(s.role) ? `${s.text}: needs the role ${s.role}` : s.text}
                  disabled={own && !mayAnywhere(s.role)}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <Select
          label="At most this role"
          placeholder="its owner's roles alone limit it"
          clearable
          data={roles.map(r => ({ value: r, label: `${r}: ${roleTexts[r]}` }))}
          value={role}
          onChange={setRole}
        />
        <OrganisationPicker
          label="Only for this organisation and what is below"
          none={within ? undefined : 'all that its owner reaches'}
          value={organisation}
          onChange={setOrganisation}
        />
        {!never && <NumberInput label="Holds for (days)" min={1} max={365} value={days} onChange={setDays} w={160} />}
        {mayAnywhere('admin') && (
          <Switch
            label="It never expires"
            description="For what nobody can come back to. If it is lost it holds until somebody revokes it."
            checked={never}
            onChange={e => setNever(e.currentTarget.checked)}
          />
        )}
        <Problem error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!everything && chosen.length === 0}>
            Make it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
