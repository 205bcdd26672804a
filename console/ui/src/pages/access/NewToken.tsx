import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { Copy } from '~/parts/Copy'
import { TokenForm, type TokenFormProps } from './TokenForm'

interface Props extends Omit<TokenFormProps, 'made'> {
  opened: boolean
  close: () => void
}

/** Makes a token, and shows it this once. */
export function NewToken({ opened, close, ...how }: Props) {
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
      {secret ? <Shown secret={secret} leave={leave} /> : <TokenForm {...how} made={setSecret} />}
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
