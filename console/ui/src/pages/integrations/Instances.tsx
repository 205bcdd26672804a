import { Stack } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { OneInstance } from './OneInstance'

interface InstancesProps {
  instances: Schemas['Instance'][]
  /** It stands among those of all organisations, below a heading: whose each is stands with it. */
  withOwner?: boolean
  /** By the ids of instances: the organisations that are mapped under each. */
  mapped: Map<string, string[]>
}

/** Configured copies of integrations, and what can be done with each. */
export function Instances({ instances, withOwner, mapped }: InstancesProps) {
  return (
    <Stack gap="sm">
      {instances.map(instance => (
        <OneInstance
          key={instance.id}
          instance={instance}
          withOwner={withOwner}
          mapped={mapped.get(instance.id) ?? []}
        />
      ))}
    </Stack>
  )
}
