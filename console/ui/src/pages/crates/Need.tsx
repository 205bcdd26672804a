import { Badge } from '@mantine/core'
import { IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react'
import type { Schemas } from '~/api/client'

/** An integration that a crate needs, and whether it is configured. */
export function Need({ need }: { need: Schemas['CrateNeed'] }) {
  const Glyph = need.configured ? IconCircleCheck : IconPlugConnectedX
  return (
    <Badge variant="default" leftSection={<Glyph size={13} aria-hidden />}>
      {need.title}: {need.configured ? 'configured' : 'not configured'}
    </Badge>
  )
}
