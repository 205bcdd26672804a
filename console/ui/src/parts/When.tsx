import { Text, Tooltip } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { ago, exactly } from './time'

// One clock for all times on the page.
let current = new Date()
const listeners = new Set<() => void>()
setInterval(() => {
  current = new Date()
  for (const l of listeners) l()
}, 1000)

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The time, anew every second while something shows it. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => current)
}

/** A time as people say it; the whole of it on a second look. */
export function When({ at, size = 'sm' }: { at: string | undefined | null; size?: string }) {
  const now = useNow()
  if (!at) return null
  const date = new Date(at)
  return (
    <Tooltip label={exactly(date)}>
      <Text span size={size} inherit={size === 'inherit'} style={{ whiteSpace: 'nowrap' }}>
        <time dateTime={at}>{ago(date, now)}</time>
      </Text>
    </Tooltip>
  )
}
