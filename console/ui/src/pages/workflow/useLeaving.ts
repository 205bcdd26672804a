import { useEffect, useRef } from 'react'
import { useBlocker } from 'react-router'

/** Has whoever leaves the page asked first where changes are not kept. */
export function useLeaving(dirty: boolean) {
  const free = useRef(false)
  useEffect(() => {
    if (!dirty) return undefined
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => dirty && !free.current && currentLocation.pathname !== nextLocation.pathname,
  )
  return {
    blocker,
    /** Nothing is asked any more: what was not kept is to go. */
    letGo: () => {
      free.current = true
    },
  }
}
