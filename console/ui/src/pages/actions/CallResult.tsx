import { Alert, Stack, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react'
import type { Schemas } from '~/api/client'
import { DataView as DataTree } from '~/parts/DataView'
import { sentence } from '~/parts/Problem'
import { lasting } from '~/parts/time'
import { When } from '~/parts/When'

/** What came of a call: its result or error, and the requests that it made. */
export function CallResult({ outcome: o }: { outcome: Schemas['CallActionOutBody'] }) {
  const requests = o.requests ?? []
  return (
    <Stack gap="sm">
      <div role="status">
        <Verdict outcome={o} />
      </div>
      {o.error?.detail !== undefined && (
        <DataTree value={o.error.detail} label="Details of the error" maxHeight={260} />
      )}
      {!o.error && !o.wait_until && <DataTree value={o.result} label="Result" path="result" maxHeight={520} />}
      {requests.length > 0 && <Requests requests={requests} />}
    </Stack>
  )
}

function Verdict({ outcome: o }: { outcome: Schemas['CallActionOutBody'] }) {
  if (o.unknown)
    return (
      <Alert color="orange" icon={<IconHelpCircle />} title="It is not known whether it was done">
        The request was sent, and its answer was lost. Look in the other system before it is sent again.{' '}
        {o.error && sentence(o.error.message)}
      </Alert>
    )
  if (o.error)
    return (
      <Alert color="red" icon={<IconAlertTriangle />} title={o.error.message}>
        {o.error.hint && sentence(o.error.hint)} <span className="g-mono">{o.error.code}</span>
      </Alert>
    )
  if (o.wait_until)
    return (
      <Text size="sm" component="div">
        It waits until <When at={o.wait_until} />.
      </Text>
    )
  return (
    <Text size="sm" style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
      <IconCircleCheck size={18} stroke={1.6} aria-hidden /> It worked.
    </Text>
  )
}

function Requests({ requests }: { requests: Schemas['WireRecord'][] }) {
  return (
    <Stack gap={4}>
      <Title order={3} size="sm">
        {requests.length === 1 ? 'The request that it made' : `The ${requests.length} requests that it made`}
      </Title>
      <Table className="g-list" aria-label="HTTP requests">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Request</Table.Th>
            <Table.Th>Answer</Table.Th>
            <Table.Th>Took</Table.Th>
            <Table.Th>Received</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {requests.map(r => (
            <Table.Tr key={`${r.started_at} ${r.url}`}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <span className="g-mono">
                  {r.method} {r.url}
                </span>
              </Table.Td>
              <Table.Td data-label="Answer">{r.status || r.error}</Table.Td>
              <Table.Td data-label="Took">{lasting(r.duration / 1e6)}</Table.Td>
              <Table.Td data-label="Received">{bytes(r.response_bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

function bytes(n: number): string {
  return n < 1024 ? `${n} B` : n < 1 << 20 ? `${(n / 1024).toFixed(1)} KiB` : `${(n / (1 << 20)).toFixed(1)} MiB`
}
