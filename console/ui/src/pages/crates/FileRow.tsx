import { Code, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { CodeView } from '~/parts/code'

/** A file of a crate; its text unfolds, for those who may read it. */
export function FileRow({ file: f }: { file: Schemas['CrateFile'] }) {
  const [open, setOpen] = useState(false)
  const Chevron = open ? IconChevronDown : IconChevronRight
  const size = f.bytes < 1024 ? `${f.bytes} B` : `${(f.bytes / 1024).toFixed(1)} KiB`
  const name = (
    <Group gap={6} wrap="nowrap">
      {f.text && <Chevron size={16} aria-hidden style={{ flex: 'none' }} />}
      <Code style={{ overflowWrap: 'anywhere' }}>{f.name}</Code>
      <Text span size="xs" className="g-quiet">
        {size}
      </Text>
    </Group>
  )
  if (!f.text) return name
  return (
    <Stack gap="xs">
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} style={{ alignSelf: 'start' }}>
        {name}
      </UnstyledButton>
      {open && <CodeView text={f.text} language="yaml" label={f.name} />}
    </Stack>
  )
}
