import { Stack, Text } from '@mantine/core'
import { ink } from '~/parts/ink'
import { type Column, List } from '~/parts/List'
import { sentence } from '~/parts/Problem'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'
import type { Timeline } from '../timeline/gantt'

export type Attempt = NonNullable<Timeline['attempts']>[number]

/** Each attempt of a task or of an item: how it ended, and what was wrong. */
export function TaskAttempts({ attempts }: { attempts: Attempt[] }) {
  const now = useNow()
  const columns: Column<Attempt>[] = [
    { label: 'Attempt', cell: a => <Numbered attempt={a} /> },
    { label: 'Status', width: 130, cell: a => <Status status={a.status} /> },
    { label: 'Began', width: 120, cell: a => <When at={a.started_at} /> },
    { label: 'Lasted', width: 90, align: 'right', cell: a => took(a.started_at, a.finished_at, now) },
  ]
  return <List label="Attempts" rows={attempts} columns={columns} id={a => String(a.attempt)} />
}

function Numbered({ attempt: a }: { attempt: Attempt }) {
  return (
    <Stack gap={2}>
      <Text size="sm" span>
        Attempt {a.attempt}
      </Text>
      {a.error && (
        <Text size="xs" c={ink('red')}>
          {sentence(a.error.message)}
        </Text>
      )}
    </Stack>
  )
}
