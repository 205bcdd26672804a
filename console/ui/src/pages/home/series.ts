/** How runs end, in the order in which bars are stacked, from below. */
export const series = [
  { key: 'succeeded', label: 'Succeeded', color: 'green' },
  { key: 'cancelled', label: 'Cancelled', color: 'gray' },
  { key: 'timed_out', label: 'Timed out', color: 'orange' },
  { key: 'failed', label: 'Failed', color: 'red' },
] as const

/** The heights up to which each series reaches in each place, as bars that stand on each other are drawn. */
export function stacked(rows: number[][]): number[][] {
  const sums: number[] = []
  return rows.map(row => row.map((n, i) => (sums[i] = (sums[i] ?? 0) + n)))
}
