/** A setting's value as people read it. */
export function told(value: unknown): string {
  if (isUnset(value)) return Array.isArray(value) ? 'none' : 'not set'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.map(told).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value)
}

/** Whether there is nothing to show. */
export function isUnset(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    value === 'not set' ||
    (Array.isArray(value) && value.length === 0)
  )
}
