import type { Row } from './tree'

/** What a key does in a tree: goes to a row, opens or folds the one it is on, or shows more. */
export type Move = { go: string } | { open: boolean } | { more: true }

/** What a pressed key does on the row at a position, as keys do in trees elsewhere. Undefined: nothing. */
export function moveOf(pressed: string, rows: Row[], at: number): Move | undefined {
  const row = rows[at]
  if (!row) return undefined
  const go = (to: Row | undefined): Move | undefined => (to ? { go: to.key } : undefined)
  switch (pressed) {
    case 'ArrowDown':
      return go(rows[at + 1])
    case 'ArrowUp':
      return go(rows[at - 1])
    case 'Home':
      return go(rows[0])
    case 'End':
      return go(rows.at(-1))
    case 'ArrowRight':
      if (row.size > 0 && !row.open) return { open: true }
      return row.open ? go(rows[at + 1]) : undefined
    case 'ArrowLeft':
      return row.open ? { open: false } : row.parent !== undefined ? { go: row.parent } : undefined
    case 'Enter':
    case ' ':
      if (row.more) return { more: true }
      return row.size > 0 ? { open: !row.open } : undefined
    default:
      return undefined
  }
}
