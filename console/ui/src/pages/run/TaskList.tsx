import { Group, Paper, Progress, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow } from '~/parts/When'
import styles from './run.module.css'
import type { Execution } from './steps'

interface TaskListProps {
  executions: Execution[]
  selected?: number
  onSelect: (execution: Execution) => void
}

/** The executions of a run as a list, in the order in which they came up. */
export function TaskList({ executions, selected, onSelect }: TaskListProps) {
  const [search, setSearch] = useState('')
  const scroll = useRef<HTMLDivElement>(null)
  const fitting = useMemo(() => {
    const text = search.trim().toLowerCase()
    if (!text) return executions
    return executions.filter(e => `${e.name} ${e.title ?? ''} ${e.status}`.toLowerCase().includes(text))
  }, [executions, search])
  const rows = useVirtualizer({
    count: fitting.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 46,
    overscan: 12,
  })
  return (
    <Stack gap="xs">
      {executions.length > 12 && (
        <TextInput
          size="xs"
          aria-label="Search tasks"
          placeholder="Search tasks by name or status"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      )}
      <Paper p={0} ref={scroll} mah={560} style={{ overflow: 'auto' }}>
        <ul className={styles.windowed} style={{ height: rows.getTotalSize() }} aria-label="Tasks of this run">
          {rows.getVirtualItems().map(item => {
            const e = fitting[item.index]
            if (!e) return null
            return (
              <li key={item.key} style={{ transform: `translateY(${item.start}px)`, height: item.size }}>
                <TaskRow execution={e} selected={e.exec === selected} onSelect={() => onSelect(e)} />
              </li>
            )
          })}
        </ul>
      </Paper>
      {fitting.length === 0 && (
        <Text size="sm" className="g-quiet">
          {executions.length === 0 ? 'No task has begun yet.' : 'No task fits what is looked for.'}
        </Text>
      )}
    </Stack>
  )
}

interface TaskRowProps {
  execution: Execution
  selected: boolean
  onSelect: () => void
}

function TaskRow({ execution: e, selected, onSelect }: TaskRowProps) {
  const now = useNow()
  return (
    <UnstyledButton className={styles.task} aria-current={selected || undefined} onClick={onSelect}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm" truncate fw={selected ? 600 : undefined}>
          {e.title || e.name}
          {e.instance > 1 && (
            <Text span size="xs" className="g-quiet">
              {' '}
              · {e.instance}
            </Text>
          )}
        </Text>
        <Group gap="xs" wrap="nowrap">
          {e.items && (
            <Progress
              w={60}
              value={(100 * e.items.ended) / Math.max(1, e.items.all)}
              color={e.items.failed > 0 ? 'red' : undefined}
              aria-label={`${e.items.ended} of ${e.items.all} items`}
            />
          )}
          <Text size="xs" className="g-quiet" style={{ whiteSpace: 'nowrap' }}>
            {took(e.startedAt, e.finishedAt, now)}
          </Text>
          <Status status={e.status} />
        </Group>
      </Group>
    </UnstyledButton>
  )
}
