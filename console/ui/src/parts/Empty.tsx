import { Group, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** What stands where nothing is yet: what would stand here, and how to begin. */
export function Empty({
  icon: Glyph,
  title,
  children,
  actions,
}: {
  icon: Icon
  title: string
  children?: ReactNode
  actions?: ReactNode
}) {
  return (
    <Paper py="xl">
      <Stack align="center" gap="sm" ta="center" maw={520} mx="auto">
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <Glyph size={26} stroke={1.6} />
        </ThemeIcon>
        <Title order={2} size="h3">
          {title}
        </Title>
        {children && (
          <Text size="sm" className="g-quiet" component="div">
            {children}
          </Text>
        )}
        {actions && <Group justify="center">{actions}</Group>}
      </Stack>
    </Paper>
  )
}
