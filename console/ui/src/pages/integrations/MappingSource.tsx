import { Alert, Anchor, Button, Group, Select, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { When } from '~/parts/When'
import type { Mapping } from './useMapping'
import type { Reading } from './useReading'

interface SourceProps {
  /** The integration's. */
  title: string
  instances: Schemas['Instance'][]
  instance: Schemas['Instance']
  pick: (id: string | null) => void
  mapping: Mapping
  reading: Reading
  may: boolean
}

/** Of which instance the entities are, when they were read, and what kept them from being read. */
export function MappingSource({ title, instances, instance, pick, mapping, reading, may }: SourceProps) {
  const { changed, options, suggestions, unread, entities } = mapping
  return (
    <>
      <Group gap="md">
        {instances.length > 1 && (
          <Select
            aria-label="Mapped under which instance"
            data={instances.map(i => ({ value: i.id, label: `${i.name} (${i.organisation_name})` }))}
            value={instance.id}
            allowDeselect={false}
            disabled={changed.length > 0}
            onChange={pick}
            w={280}
          />
        )}
        <Text size="sm" role="status" className="g-quiet" component="div">
          {options.data && (
            <>
              {entities.length} entities of {instance.name}, read <When at={options.data.read_at} />
            </>
          )}
          {!options.data && unread && `It is not known yet what ${title} has.`}
        </Text>
      </Group>
      {reading.error !== null && <Unreadable error={reading.error} instance={instance} read={reading.read} />}
      {!unread && <Problem error={options.error} retry={() => void options.refetch()} />}
      <Problem error={suggestions.error} retry={() => void suggestions.refetch()} />
      {unread && reading.error === null && (
        <Alert variant="light" title={`Read the entities of ${title} first`}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              Refresh options reads all of them once and keeps them. Then names can be compared, and entities picked.
            </Text>
            <Button size="xs" loading={reading.busy} disabled={!may} onClick={reading.read}>
              Refresh options
            </Button>
          </Stack>
        </Alert>
      )}
    </>
  )
}

function Unreadable({ error, instance, read }: { error: unknown; instance: Schemas['Instance']; read: () => void }) {
  return (
    <>
      <Problem error={error} retry={read} />
      <Text size="sm">
        <Anchor component={Link} to={to.integration(instance.integration)} underline="always" inherit>
          Test and change {instance.name}
        </Anchor>{' '}
        where its settings are wrong, then come back. What was read before is kept.
      </Text>
    </>
  )
}
