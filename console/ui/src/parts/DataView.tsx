import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from 'react'
import { Copy } from './Copy'
import { asText, DataRow } from './data/DataRow'
import styles from './data/data.module.css'
import { moveOf } from './data/keys'
import { count, page, type Row, rowsOf } from './data/tree'

interface DataViewProps {
  value: unknown
  /** What the value is, for screen readers, such as "Result of get_ticket". */
  label: string
  /** What an expression calls the value, such as tasks.get_ticket.result. */
  path?: string
  maxHeight?: number | string
  /** Offers each value to be used; it is given as an expression. */
  onPick?: (path: string, value: unknown) => void
}

/** How many values something has that is small enough to need no search. */
const small = 15
/** How many values are opened by "Open all". */
const mostOpened = 2000

/** JSON as a tree that can be folded, searched and copied from. Keys: arrows, Home, End, Enter. */
export function DataView({ value, label, path = '', maxHeight = 480, onPick }: DataViewProps) {
  const [opened, setOpened] = useState<Record<string, boolean>>({})
  const [shown, setShown] = useState<Record<string, number>>({})
  const [search, setSearch] = useState('')
  const sought = useDeferredValue(search.trim())
  const [current, setCurrent] = useState('')
  const tree = useRef<HTMLDivElement>(null)
  const values = useMemo(() => count(value, mostOpened + 1), [value])
  const rows = useMemo(
    () => rowsOf(value, path, { opened, shown, search: sought }),
    [value, path, opened, shown, sought],
  )
  const at = rows.some(r => r.key === current) ? current : ''

  const fold = (row: Row, open = !row.open) => setOpened(was => ({ ...was, [row.key]: open }))
  const go = (key: string) => {
    setCurrent(key)
    for (const el of tree.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])
      if (el.dataset.row === key) el.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const i = rows.findIndex(r => r.key === at)
    const row = rows[i]
    const move = (event.target as HTMLElement).matches('[role=treeitem]') && moveOf(event.key, rows, i)
    if (!row || !move) return
    event.preventDefault()
    if ('go' in move) go(move.go)
    else if ('open' in move) fold(row, move.open)
    else more(row)
  }
  const more = (row: Row) => {
    const key = row.parent ?? ''
    setShown(was => ({ ...was, [key]: (was[key] ?? page) + page * 5 }))
  }
  const all = (open: boolean) =>
    setOpened(Object.fromEntries(allKeys(value).map(key => [key, open || key === ''] as const)))

  return (
    <div>
      {values > small && (
        <Group gap="xs" mb={6} wrap="wrap">
          <TextInput
            size="xs"
            w={{ base: '100%', xs: 220 }}
            aria-label={`Search in ${label}`}
            placeholder="Search names and values"
            leftSection={<IconSearch size={14} aria-hidden />}
            value={search}
            onChange={event => setSearch(event.currentTarget.value)}
          />
          {values <= mostOpened && (
            <Button size="compact-xs" variant="subtle" onClick={() => all(true)}>
              Open all
            </Button>
          )}
          <Button size="compact-xs" variant="subtle" onClick={() => all(false)}>
            Fold all
          </Button>
          <Copy text={asText(value)} label="Copy all" />
        </Group>
      )}
      <div
        ref={tree}
        role="tree"
        aria-label={label}
        className={styles.tree}
        style={{ maxHeight }}
        onKeyDown={onKeyDown}
      >
        {rows.map(row =>
          row.more ? (
            <div
              key={row.key}
              role="treeitem"
              data-row={row.key}
              aria-level={row.depth + 1}
              aria-selected={row.key === at}
              tabIndex={row.key === at ? 0 : -1}
              className={styles.row}
              style={{ paddingLeft: row.depth * 16 + 22 }}
              onFocus={() => setCurrent(row.key)}
            >
              <button type="button" tabIndex={-1} className={styles.more} onClick={() => more(row)}>
                Show more ({row.more.toLocaleString('en-GB')} not shown)
              </button>
            </div>
          ) : (
            <DataRow
              key={row.key}
              row={row}
              current={row.key === at}
              onCurrent={() => setCurrent(row.key)}
              onFold={() => fold(row)}
              onPick={onPick}
            />
          ),
        )}
      </div>
      {sought && rows.length === 1 && values > 1 && (
        <Text size="sm" className="g-quiet" role="status">
          Nothing in here has “{sought}” in its name or value.
        </Text>
      )}
    </div>
  )
}

function allKeys(value: unknown): string[] {
  const everything = new Proxy({}, { get: () => true }) as Record<string, boolean>
  const unbounded = new Proxy({}, { get: () => page * 10 }) as Record<string, number>
  return rowsOf(value, '', { opened: everything, shown: unbounded, search: '' })
    .filter(r => r.size > 0)
    .map(r => r.key)
}
