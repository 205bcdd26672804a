import { Alert, Code, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Schemas } from '~/api/client'
import { DataView } from '~/parts/DataView'
import { HintLine } from '~/parts/HintLine'
import { sentence } from '~/parts/Problem'

/** How a task failed: what to do about it, and what is known beyond the words. */
export function ErrorBox({ error, handled }: { error: Schemas['FaultError']; handled?: boolean }) {
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={sentence(error.message)}>
      {error.hint && (
        <Text size="sm">
          <HintLine hint={error.hint} />
        </Text>
      )}
      <Group gap="xs" mt={4}>
        <Code>{error.code}</Code>
        {handled && <Text size="xs">The workflow handled this failure.</Text>}
      </Group>
      {error.detail !== undefined && error.detail !== null && (
        <DataView value={error.detail} label="Detail of the error" path="error.detail" maxHeight={220} />
      )}
    </Alert>
  )
}
