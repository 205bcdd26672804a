import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Schemas } from '~/api/client'
import { type Role, roles } from '~/app/session'
import { Copy } from '~/parts/Copy'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { roleTexts, scopes } from './scopes'

interface Props {
  opened: boolean
  close: () => void
  /** Makes it, and gives the secret. */
  make: (token: Schemas['NewToken']) => Promise<string>
}

/** Makes a token, and shows it this once. */
export function NewToken({ opened, close, make }: Props) {
  const [secret, setSecret] = useState<string | null>(null)
  const leave = () => {
    close()
    setSecret(null)
  }
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={secret ? 'The token' : 'Make an API token'}
      closeOnClickOutside={!secret}
    >
      {secret ? <Shown secret={secret} leave={leave} /> : <TokenForm make={make} made={setSecret} />}
    </Modal>
  )
}

function Shown({ secret, leave }: { secret: string; leave: () => void }) {
  return (
    <Stack>
      <Alert color="orange" icon={<IconAlertTriangle />} title="Copy it now">
        It is not shown again: Gantry keeps only its hash.
      </Alert>
      <Group wrap="nowrap" align="flex-end">
        <PasswordInput label="Token" value={secret} readOnly flex={1} classNames={{ innerInput: 'g-mono' }} />
        <Copy text={secret} label="Copy the token" />
      </Group>
      <Text size="sm" className="g-quiet">
        Programs send it with each request as <code>Authorization: Bearer …</code>
      </Text>
      <Group justify="flex-end">
        <Button onClick={leave}>I have it</Button>
      </Group>
    </Stack>
  )
}

function TokenForm({ make, made }: { make: Props['make']; made: (secret: string) => void }) {
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<string[]>(['runs:read'])
  const [everything, setEverything] = useState(false)
  const [role, setRole] = useState<string | null>(null)
  const [organisation, setOrganisation] = useState('')
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
          days: Number(days),
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
                <Checkbox key={s.id} value={s.id} label={<span className="g-mono">{s.id}</span>} description={s.text} />
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
          none="all that its owner reaches"
          value={organisation}
          onChange={setOrganisation}
        />
        <NumberInput label="Holds for (days)" min={1} max={365} value={days} onChange={setDays} w={160} />
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
