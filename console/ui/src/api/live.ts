import { useEffect, useState } from 'react'
import { refresh } from './cache'
import { base } from './client'

/** Listens to the feed of changes as long as somebody is signed in. It tells whether the feed stands. */
export function useLive(): boolean {
  const [standing, setStanding] = useState(true)
  useEffect(() => {
    const feed = new EventSource(`${base}/changes`)
    let broken = false
    feed.onopen = () => {
      setStanding(true)
      if (broken) void refresh() // what happened meanwhile was not told
      broken = false
    }
    feed.onmessage = event => {
      const { kinds } = JSON.parse(event.data) as { kinds: string[] }
      if (kinds.length > 0) void refresh(...kinds)
    }
    feed.onerror = () => {
      broken = true
      setStanding(false)
    }
    return () => feed.close()
  }, [])
  return standing
}
