import { Alert, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircleCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Schemas } from '~/api/client'
import { sentence } from '~/parts/Problem'

type Report = Schemas['ConnectReport']
type Said = { message: string; hint?: string } | null | undefined

const signs: Record<string, { label: string; glyph: typeof IconCheck; color: string }> = {
  ok: { label: 'works', glyph: IconCheck, color: 'green' },
  warning: { label: 'works with something missing', glyph: IconAlertTriangle, color: 'yellow' },
  failed: { label: 'failed', glyph: IconX, color: 'red' },
  skipped: { label: 'was not tried', glyph: IconMinus, color: 'gray' },
}

/** What a test of a connection has shown: which parts were reached, what is missing, and what to do. */
export function Outcome({ report, address, odd }: { report: Report; address?: string; odd?: Said[] | null }) {
  const warnings = [...(report.warnings ?? []), ...(odd ?? [])]
  const missing = report.missing ?? []
  return (
    <Alert
      role="status"
      color={report.ok ? 'green' : 'red'}
      variant="light"
      icon={report.ok ? <IconCircleCheck /> : <IconAlertTriangle />}
      title={report.ok ? 'Connection successful' : 'The connection does not work yet'}
    >
      <Stack gap="xs">
        {address && (
          <Text size="sm">
            {report.ok ? 'Reached' : 'Tried'} <span className="g-mono">{address}</span>
          </Text>
        )}
        {!report.ok && <Words said={report.error ?? { message: report.message }} />}
        <List size="sm" spacing={4} listStyleType="none">
          {(report.probes ?? []).map(p => (
            <Probe key={p.title} probe={p} />
          ))}
        </List>
        {missing.length > 0 && <Text size="sm">Missing permissions: {missing.join(', ')}</Text>}
        {warnings.map(w => (
          <Words key={w?.message} said={w} />
        ))}
      </Stack>
    </Alert>
  )
}

function Probe({ probe }: { probe: Schemas['ConnectProbed'] }) {
  const warned = (probe.warnings ?? []).length > 0
  const sign = signs[probe.status] ?? (warned ? signs.warning : signs.ok)
  const Glyph = sign?.glyph ?? IconCheck
  const said: ReactNode[] = [probe.error, ...(probe.warnings ?? [])]
    .filter(w => w?.message)
    .map(w => <Words key={w?.message} said={w} />)
  return (
    <List.Item>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Glyph
          size={15}
          role="img"
          aria-label={sign?.label}
          style={{ flex: 'none', marginTop: 3 }}
          color={`light-dark(var(--mantine-color-${sign?.color}-8), var(--mantine-color-${sign?.color}-4))`}
        />
        <div>
          <Text size="sm">{probe.title}</Text>
          {said}
        </div>
      </Group>
    </List.Item>
  )
}

function Words({ said }: { said: Said }) {
  if (!said?.message) return null
  return (
    <div>
      <Text size="sm" fw={550}>
        {sentence(said.message)}
      </Text>
      {said.hint && <Text size="sm">{sentence(said.hint)}</Text>}
    </div>
  )
}
