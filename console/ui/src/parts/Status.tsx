import { Badge, type BadgeProps } from '@mantine/core'
import { ink } from './ink'
import { lookOf } from './status'

/** The status of a run or a task, told by word, colour and sign. */
export function Status({ status, ...rest }: { status: string } & BadgeProps) {
  const { label, color, icon: Glyph } = lookOf(status)
  return (
    <Badge
      color={color}
      variant="light"
      leftSection={<Glyph size={13} aria-hidden className={status === 'running' ? 'g-spin' : undefined} />}
      {...rest}
      styles={{ root: { color: ink(color), overflow: 'visible' } }}
    >
      {label}
    </Badge>
  )
}
