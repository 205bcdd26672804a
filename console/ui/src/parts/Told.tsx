import { lazy, Suspense, useSyncExternalStore } from 'react'
import { later } from '~/app/later'
import { wanted } from './tell'

const Notifications = lazy(async () => ({ default: (await later(() => import('./notifications'))).Shown }))

/** Where what was told is shown. It is loaded when there is something to tell. */
export function Told() {
  const needed = useSyncExternalStore(wanted.subscribe, wanted.now)
  if (!needed) return null
  return (
    <Suspense>
      <Notifications />
    </Suspense>
  )
}
