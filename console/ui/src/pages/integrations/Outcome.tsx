import { Alert, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconCircleCheck, IconMinus, IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import type { Schemas } from '~/api/client'
import { HintLine } from '~/parts/HintLine'
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
  const probes = report.probes ?? []
  const tried = probes.filter(p => p.status !== 'skipped')
  const box = useRef<HTMLDivElement>(null)
  // It comes below a long form: it is brought to where it can be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each report anew
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
  }, [report])
  return (
    <Alert
      ref={box}
      role="status"
      style={{ scrollMarginBottom: 80 }}
      color={report.ok ? 'green' : 'red'}
      variant="light"
      icon={report.ok ? <IconCircleCheck /> : <IconAlertTriangle />}
      title={report.ok ? 'Connection successful' : 'The connection does not work yet'}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Stack gap="xs">
        {address && (
          <Text size="sm">
            {report.ok ? 'Reached' : 'Tried'} <span className="g-mono">{address}</span>
          </Text>
        )}
        {!report.ok && <Words said={report.error ?? { message: report.message }} />}
        <List size="sm" spacing={4} listStyleType="none">
          {tried.map(p => (
            <Probe key={p.title} probe={p} said={report.ok ? undefined : report.error?.message} />
          ))}
        </List>
        {tried.length < probes.length && (
          <Text size="sm" className="g-quiet">
            {probes.length - tried.length} other parts were not tried:{' '}
            {probes
              .filter(p => p.status === 'skipped')
              .map(p => p.title)
              .join(', ')}
            .
          </Text>
        )}
        {missing.length > 0 && <Text size="sm">Missing permissions: {missing.join(', ')}</Text>}
        {warnings.map(w => (
          <Words key={w?.message} said={w} />
        ))}
      </Stack>
    </Alert>
  )
}

/** One part that was tried. What is said above of all is not said again. */
function Probe({ probe, said: above }: { probe: Schemas['ConnectProbed']; said?: string }) {
  const warned = (probe.warnings ?? []).length > 0
  const sign = signs[probe.status] ?? (warned ? signs.warning : signs.ok)
  const Glyph = sign?.glyph ?? IconCheck
  const said: ReactNode[] = [probe.error, ...(probe.warnings ?? [])]
    .filter(w => w?.message && w.message !== above)
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
      {said.hint && (
        <Text size="sm">
          <HintLine hint={said.hint} />
        </Text>
      )}
    </div>
  )
}
