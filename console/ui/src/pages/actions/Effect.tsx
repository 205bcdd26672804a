import { Badge } from '@mantine/core'
import { IconEye, IconPencil, IconTrash } from '@tabler/icons-react'

const looks = {
  read: { label: 'reads', icon: IconEye, color: 'gray' },
  write: { label: 'writes', icon: IconPencil, color: 'blue' },
  delete: { label: 'deletes', icon: IconTrash, color: 'red' },
} as const

/** What an action does to the other system, told by word, colour and sign. */
export function Effect({ effect }: { effect: 'read' | 'write' | 'delete' }) {
  const { label, icon: Glyph, color } = looks[effect]
  return (
    <Badge
      color={color}
      leftSection={<Glyph size={13} aria-hidden />}
      style={{ flex: 'none' }}
      c={`light-dark(var(--mantine-color-${color}-9), var(--mantine-color-${color}-1))`}
    >
      {label}
    </Badge>
  )
}
