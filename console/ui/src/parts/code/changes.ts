import { diff } from '@codemirror/merge'

export interface Change {
  from: number
  to: number
  insert: string
}

/** The small changes that make one text into another: cursors, marks and undoing stay where they belong. */
export function changesBetween(before: string, after: string): Change[] {
  return diff(before, after, { scanLimit: 500, timeout: 200 }).map(c => ({
    from: c.fromA,
    to: c.toA,
    insert: after.slice(c.fromB, c.toB),
  }))
}
