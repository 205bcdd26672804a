import { Alert, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { sentence } from '~/parts/Problem'
import { exactly } from '~/parts/time'
import { When } from '~/parts/When'
import { pollInWords, type Timing } from './shown'

/** When a trigger fires next for an organisation, and how its last look went. */
export function Times({ timing: t }: { timing: Timing }) {
  return (
    <Stack gap={4}>
      {t.status && <Text size="sm">{pollInWords(t.status)}</Text>}
      <Line label="Last look" at={t.lastPoll} />
      <Line label="Next look" at={t.nextPoll} />
      {t.cursor !== undefined && t.cursor !== null && (
        <Text size="xs" className="g-quiet">
          It stands at{' '}
          <span className="g-mono">{typeof t.cursor === 'string' ? t.cursor : JSON.stringify(t.cursor)}</span>
        </Text>
      )}
      <Line label="Last time" at={t.last} />
      {t.next.length > 0 && (
        <Stack gap={0}>
          <Line label={t.next.length > 1 ? 'Next times' : 'Next time'} at={t.next[0]} />
          {t.next.slice(1).map(at => (
            <Text key={at} size="xs" className="g-quiet">
              {exactly(new Date(at)).replace('.000', '')}
            </Text>
          ))}
        </Stack>
      )}
      {t.leftOut && (
        <Text size="xs" className="g-quiet">
          {t.leftOut.times} times came while no server ran and were left out
        </Text>
      )}
      {t.note && (
        <Text size="xs" className="g-quiet">
          {t.note}
        </Text>
      )}
      {t.error?.message && (
        <Alert color="red" icon={<IconAlertTriangle />} p="xs" title={t.error.message}>
          {t.error.hint && sentence(t.error.hint)}
          {t.failures ? ` It failed ${t.failures === 1 ? 'once' : `${t.failures} times in a row`}.` : ''}
        </Alert>
      )}
    </Stack>
  )
}

function Line({ label, at }: { label: string; at?: string }) {
  if (!at) return null
  return (
    <Group gap={6}>
      <Text size="xs" className="g-quiet">
        {label}
      </Text>
      <When at={at} />
    </Group>
  )
}
