/** Bytes for people: `640 B`, `12 kB`, `3.4 MB`. */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`
  if (n < 1e6) return `${n < 1e4 ? (n / 1e3).toFixed(1) : Math.round(n / 1e3)} kB`
  return `${n < 1e7 ? (n / 1e6).toFixed(1) : Math.round(n / 1e6)} MB`
}
