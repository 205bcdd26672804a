import { useEffect, useState } from 'react'
import { refresh } from './cache'
import { base } from './client'

// Browsers keep few connections to a host: of all tabs one listens to the feed, and tells the others.
const lock = 'gantry.changes'

interface Word {
  kinds?: string[]
  standing?: boolean
  /** Everything is to be read anew: what happened while the feed was broken was not told. */
  all?: boolean
}

/** Listens to the feed of changes as long as somebody is signed in. It tells whether the feed stands. */
export function useLive(): boolean {
  const [standing, setStanding] = useState(true)
  useEffect(() => {
    const tabs = new BroadcastChannel(lock)
    const hear = (word: Word) => {
      if (word.standing !== undefined) setStanding(word.standing)
      if (word.all) void refresh()
      else if (word.kinds?.length) void refresh(...word.kinds)
    }
    tabs.onmessage = event => hear(event.data as Word)
    const over = new AbortController()
    const listen = async () => {
      if (over.signal.aborted) return
      await follow(over.signal, word => {
        hear(word)
        tabs.postMessage(word)
      })
    }
    if (navigator.locks) navigator.locks.request(lock, { signal: over.signal }, listen).catch(() => undefined)
    else void listen() // without TLS, on another machine than the server's
    return () => {
      over.abort()
      tabs.close()
    }
  }, [])
  return standing
}

/** Follows the feed until it is over. */
function follow(over: AbortSignal, tell: (word: Word) => void): Promise<void> {
  const feed = new EventSource(`${base}/changes`)
  let broken = false
  feed.onopen = () => {
    tell({ standing: true, all: broken })
    broken = false
  }
  feed.onmessage = event => tell(JSON.parse(event.data) as Word)
  feed.onerror = () => {
    broken = true
    tell({ standing: false })
  }
  return new Promise(resolve =>
    over.addEventListener('abort', () => {
      feed.close()
      resolve()
    }),
  )
}
