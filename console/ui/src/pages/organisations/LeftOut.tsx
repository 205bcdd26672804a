import { Alert, Button, List, Text } from '@mantine/core'
import type { Schemas } from '~/api/client'

interface LeftOutProps {
  restored: Schemas['RestoreOrganisationOutBody']
  close: () => void
}

/** Mappings that did not come back with an organisation. */
export function LeftOut({ restored, close }: LeftOutProps) {
  const left = restored.left_out ?? []
  if (left.length === 0) return null
  return (
    <Alert color="yellow" variant="light" title="Some mappings did not come back">
      <Text size="sm">Their entities are other organisations' by now:</Text>
      <List size="sm">
        {left.map(l => (
          <List.Item key={`${l.organisation} ${l.integration}`}>
            {l.name}: {l.external_name} ({l.external_id}) in {l.integration}
            {l.holder_name && ` is ${l.holder_name}'s`}
          </List.Item>
        ))}
      </List>
      <Button size="compact-sm" variant="default" mt="xs" onClick={close}>
        Understood
      </Button>
    </Alert>
  )
}
