import { ThemeIcon } from '@mantine/core'
import { IconMail, IconPlug, IconTicket, IconWorld } from '@tabler/icons-react'

const glyphs: Record<string, typeof IconPlug> = { halo: IconTicket, mail: IconMail, http: IconWorld }

/** The sign of an integration. */
export function Logo({ icon, size = 40 }: { icon?: string; size?: number }) {
  const Glyph = glyphs[icon ?? ''] ?? IconPlug
  return (
    <ThemeIcon size={size} radius="md" variant="light" aria-hidden>
      <Glyph size={size * 0.58} stroke={1.6} />
    </ThemeIcon>
  )
}
