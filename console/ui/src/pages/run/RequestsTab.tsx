import { Anchor, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Loaded } from '~/parts/Page'
import { lasting } from '~/parts/time'
import { type Stage, useRequests } from './asked'
import { usePlace } from './place'
import { type Made, NoRequests, RequestList } from './RequestList'
import type { Task } from './steps'

/** All HTTP requests of a run, by task. */
export function RequestsTab({ stage }: { stage: Stage }) {
  const tasks = useRequests(stage)
  return <Loaded of={tasks}>{all => <Requests tasks={all} />}</Loaded>
}

function Requests({ tasks }: { tasks: Task[] }) {
  const [, go] = usePlace()
  const [search, setSearch] = useState('')
  const all = useMemo<Made[]>(
    () => tasks.flatMap(t => (t.requests ?? []).map(request => ({ request, task: t.name, exec: t.exec }))),
    [tasks],
  )
  const fitting = useMemo(() => {
    const text = search.trim().toLowerCase()
    if (!text) return all
    return all.filter(m =>
      `${m.request.method} ${m.request.url} ${m.request.status} ${m.task} ${m.request.error ?? ''}`
        .toLowerCase()
        .includes(text),
    )
  }, [all, search])
  if (all.length === 0) return <NoRequests />
  const took = all.reduce((sum, m) => sum + m.request.duration_us, 0) / 1000
  const failed = all.filter(m => m.request.status >= 400 || m.request.error).length
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" className="g-quiet">
          {all.length} {all.length === 1 ? 'request' : 'requests'}, {lasting(took)} in all
          {failed > 0 && `, ${failed} refused or broken`}
        </Text>
        {all.length > 8 && (
          <TextInput
            size="xs"
            w={260}
            aria-label="Search requests"
            placeholder="Address, status or task"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={event => setSearch(event.currentTarget.value)}
          />
        )}
      </Group>
      <RequestList
        requests={fitting}
        withTask={m => (
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              const instance = tasks.find(t => t.exec === m.exec)?.instance
              go({ tab: '', task: m.task, instance: String(instance ?? ''), item: '', part: 'requests' }, true)
            }}
          >
            {m.task}
          </Anchor>
        )}
      />
    </Stack>
  )
}
