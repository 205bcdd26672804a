import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of a page, with its own heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" aria-label={title}>
      <Stack gap="xs">
        <Title order={2} size="h3">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

/** Words beside what matters. */
export function Quiet({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" className="g-quiet">
      {children}
    </Text>
  )
}
