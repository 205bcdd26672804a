import { Badge, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import type { Schemas } from '~/api/client'
import { ago } from '~/parts/time'
import { useNow } from '~/parts/When'

const ink = (color: string) => ({
  root: {
    color: `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9) 75%, black), var(--mantine-color-${color}-2))`,
  },
})

/** A small word with a sign before it. */
export function Sign({
  color,
  icon: Glyph,
  children,
}: {
  color: string
  icon: typeof IconCircleCheck
  children: string
}) {
  return (
    <Badge color={color} leftSection={<Glyph size={13} aria-hidden />} styles={ink(color)}>
      {children}
    </Badge>
  )
}

/** How the last test of an instance went. */
export function Tested({ test }: { test: Schemas['InstanceTest'] | undefined }) {
  const now = useNow()
  if (!test)
    return (
      <Sign color="gray" icon={IconCircleDashed}>
        not tested
      </Sign>
    )
  const when = ago(new Date(test.at), now)
  return (
    <Tooltip label={test.message} multiline maw={420}>
      <span>
        {test.ok ? (
          <Sign color="green" icon={IconCircleCheck}>
            {`worked ${when}`}
          </Sign>
        ) : (
          <Sign color="red" icon={IconAlertTriangle}>
            {`failed ${when}`}
          </Sign>
        )}
      </span>
    </Tooltip>
  )
}
