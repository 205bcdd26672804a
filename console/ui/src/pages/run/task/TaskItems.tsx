import { Group, Paper, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef, useState } from 'react'
import { ink } from '~/parts/ink'
import { Loaded } from '~/parts/Page'
import { sentence } from '~/parts/Problem'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { type Stage, useTimeline } from '../asked'
import { usePlace } from '../place'
import styles from '../run.module.css'
import type { Execution } from '../steps'
import type { Timeline } from '../timeline/gantt'
import { fitting, type Item, itemsOf, kinds } from './items'

/** The items of a for_each: those that are looked for, each with how it ended. */
export function TaskItems({ stage, execution: e }: { stage: Stage; execution: Execution }) {
  const timeline = useTimeline(stage, e.name)
  return <Loaded of={timeline}>{told => <Items timeline={told} execution={e} />}</Loaded>
}

function Items({ timeline, execution: e }: { timeline: Timeline; execution: Execution }) {
  const [place, go] = usePlace()
  const kind = place.items
  const [search, setSearch] = useState('')
  const items = useMemo(() => itemsOf(timeline, e.exec), [timeline, e.exec])
  const shown = useMemo(() => fitting(items, kind, search), [items, kind, search])
  const scroll = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroll.current,
    estimateSize: i => (shown[i]?.error ? 58 : 38),
    overscan: 10,
  })
  const open = (item: Item) =>
    go({ task: e.name, instance: String(e.instance), item: String(item.item), part: 'result' })
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <SegmentedControl
          size="xs"
          aria-label="Which items"
          value={kind}
          onChange={items => go({ items })}
          data={kinds.map(k => ({ value: k, label: `${k} ${fitting(items, k, '').length.toLocaleString('en-GB')}` }))}
        />
        <TextInput
          size="xs"
          aria-label="Search items"
          placeholder="Number or error"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      </Group>
      <Paper p={0} ref={scroll} mah={420} style={{ overflow: 'auto' }}>
        <ul className={styles.windowed} style={{ height: rows.getTotalSize() }} aria-label={`Items of ${e.name}`}>
          {rows.getVirtualItems().map(v => {
            const item = shown[v.index]
            if (!item) return null
            return (
              <li key={v.key} style={{ transform: `translateY(${v.start}px)`, height: v.size }}>
                <UnstyledButton className={styles.task} onClick={() => open(item)}>
                  <ItemRow item={item} />
                </UnstyledButton>
              </li>
            )
          })}
        </ul>
      </Paper>
      {shown.length === 0 && (
        <Text size="sm" className="g-quiet">
          {items.length === 0 ? 'No item has begun yet.' : 'No item fits what is looked for.'}
        </Text>
      )}
      {timeline.more && (
        <Text size="xs" className="g-quiet">
          The first {items.length.toLocaleString('en-GB')} of {e.items?.all.toLocaleString('en-GB')} items are listed.
          The result has all of them.
        </Text>
      )}
    </Stack>
  )
}

function ItemRow({ item }: { item: Item }) {
  return (
    <>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm">Item {item.item}</Text>
        <Group gap="xs" wrap="nowrap">
          {item.attempts > 1 && (
            <Text size="xs" className="g-quiet">
              {item.attempts} attempts
            </Text>
          )}
          <Text size="xs" className="g-quiet">
            {item.finishedAt ? took(item.startedAt, item.finishedAt, new Date(0)) : ''}
          </Text>
          <Status status={item.status} />
        </Group>
      </Group>
      {item.error && (
        <Text size="xs" truncate c={ink('red')}>
          {sentence(item.error.message)}
        </Text>
      )}
    </>
  )
}
