import { Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { DataView } from '~/parts/DataView'
import { bytes } from '~/parts/data/size'
import { When } from '~/parts/When'

/** What one transition published. */
export function PublishedValues({ publication: p }: { publication: Schemas['InsidePublication'] }) {
  const large = Object.entries(p.large ?? {})
  const name = p.label || `Transition ${p.transition + 1}`
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={550}>
          {name} of {p.task}
          {p.instance > 1 && `, execution ${p.instance}`}
        </Text>
        <Text size="xs" className="g-quiet" component="span">
          <When at={p.at} size="xs" />
        </Text>
      </Group>
      <DataView value={p.values} label={`Published by ${p.task}`} path="ctx" maxHeight={320} />
      {large.length > 0 && (
        <Text size="xs" className="g-quiet">
          Left out for their size: {large.map(([n, size]) => `${n} (${bytes(size)})`).join(', ')}. They stand in what
          later tasks saw.
        </Text>
      )}
    </Stack>
  )
}
