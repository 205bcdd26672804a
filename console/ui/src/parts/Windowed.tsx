import { Box } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef } from 'react'

interface WindowedProps<T> {
  /** What the list is of, for screen readers. */
  label: string
  rows: T[]
  id: (row: T) => string
  row: (row: T) => ReactNode
  /** How high a row is likely to be, in pixels; each is measured when it is shown. */
  estimate: number
  /** In pixels, or what CSS takes; a shorter list is as high as its rows. */
  maxHeight: number | string
}

/** A list of thousands: only the rows that are to be seen are there. */
export function Windowed<T>({ label, rows, id, row, estimate, maxHeight }: WindowedProps<T>) {
  const box = useRef<HTMLDivElement>(null)
  const window = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => estimate,
    getItemKey: i => {
      const at = rows[i]
      return at === undefined ? i : id(at)
    },
    overscan: 12,
  })
  return (
    <Box
      ref={box}
      mah={maxHeight}
      style={{ overflowY: 'auto', borderRadius: 'inherit' }}
      tabIndex={0}
      role="region"
      aria-label={label}
    >
      <Box role="list" pos="relative" h={window.getTotalSize()}>
        {window.getVirtualItems().map(item => {
          const at = rows[item.index]
          return at === undefined ? null : (
            <Box
              key={item.key}
              ref={window.measureElement}
              data-index={item.index}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              pos="absolute"
              top={0}
              left={0}
              right={0}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {row(at)}
            </Box>
          )
        })}
      </Box>
    </Box>
  )
}
