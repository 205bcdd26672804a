import { Badge, Code, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { bytes } from '~/parts/data/size'
import { ink } from '~/parts/ink'
import { type Column, List } from '~/parts/List'
import { lasting } from '~/parts/time'
import styles from './run.module.css'

export interface Made {
  request: Schemas['HistoryRequest']
  task: string
  exec: number
}

const page = 100

interface RequestListProps {
  requests: Made[]
  /** Also which task made each. */
  withTask?: (made: Made) => React.ReactNode
}

/** HTTP requests: where they went, what came back, and how long each took. */
export function RequestList({ requests, withTask }: RequestListProps) {
  const [shown, setShown] = useState(page)
  const rows = requests.slice(0, shown).map((made, i) => ({ ...made, key: String(i) }))
  const columns: Column<Made & { key: string }>[] = [
    { label: 'Request', cell: r => <Sent request={r.request} /> },
    ...(withTask ? [{ label: 'Task', cell: withTask }] : []),
    { label: 'Answer', width: 90, cell: r => <Answer request={r.request} /> },
    { label: 'Took', width: 90, align: 'right', cell: r => <Took request={r.request} /> },
    { label: 'Bytes', width: 110, align: 'right', cell: r => <Bytes request={r.request} /> },
  ]
  return (
    <List
      label="HTTP requests"
      rows={rows}
      columns={columns}
      id={r => r.key}
      more={requests.length > shown ? () => setShown(shown + page * 5) : undefined}
    />
  )
}

function Sent({ request: r }: { request: Made['request'] }) {
  return (
    <Stack gap={2}>
      <Text size="sm" className={styles.anywhere} component="span">
        <b>{r.method}</b> <span className="g-mono">{r.url}</span>
      </Text>
      {(r.attempt > 1 || r.item !== undefined) && (
        <Text size="xs" className="g-quiet">
          {[r.attempt > 1 && `attempt ${r.attempt}`, r.item !== undefined && `item ${r.item}`]
            .filter(Boolean)
            .join(', ')}
        </Text>
      )}
      {r.error && (
        <Text size="xs" c={ink('red')}>
          {r.error}
        </Text>
      )}
    </Stack>
  )
}

function Answer({ request: r }: { request: Made['request'] }) {
  if (!r.status) return <Text size="sm">none</Text>
  const color = r.status < 400 ? 'green' : r.status < 500 ? 'orange' : 'red'
  return (
    <Badge color={color} c={ink(color)}>
      {r.status}
    </Badge>
  )
}

function Took({ request: r }: { request: Made['request'] }) {
  return (
    <Stack gap={0}>
      <Text size="sm">{lasting(r.duration_us / 1000)}</Text>
      {r.waited_us !== undefined && r.waited_us > 1000 && (
        <Text size="xs" className="g-quiet">
          waited {lasting(r.waited_us / 1000)} for the rate limit
        </Text>
      )}
    </Stack>
  )
}

function Bytes({ request: r }: { request: Made['request'] }) {
  return (
    <Text size="xs" component="span">
      {r.bytes_sent > 0 && <>{bytes(r.bytes_sent)} sent, </>}
      {bytes(r.bytes_received)}
    </Text>
  )
}

/** What is shown where a run made no requests. */
export function NoRequests() {
  return (
    <Text size="sm" className="g-quiet">
      This run has made no HTTP requests. Those of actions stand here with their address, answer, duration and size;
      secrets in them are masked. <Code>core</Code> actions such as set and delay make none.
    </Text>
  )
}
