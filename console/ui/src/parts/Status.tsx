import { Badge, type BadgeProps } from '@mantine/core'
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
      styles={{
        root: {
          // The darkest shade of some colours is too light for AA on the lightest one.
          color: `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9) 80%, black), var(--mantine-color-${color}-2))`,
          overflow: 'visible',
        },
      }}
    >
      {label}
    </Badge>
  )
}
