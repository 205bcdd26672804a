import { useEffect, useState } from 'react'
import { refresh, refreshMe } from './cache'
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
      if (word.standing === false) void refreshMe() // it breaks for those who are signed out, too
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

/** How long it takes until a feed that was refused is asked for anew, in milliseconds. */
const pause = 5000

/** Follows the feed until it is over. The browser takes a broken connection up again, but not one that was refused. */
function follow(over: AbortSignal, tell: (word: Word) => void): Promise<void> {
  let feed: EventSource
  let again: number | undefined
  let broken = false
  const open = () => {
    feed = new EventSource(`${base}/changes`)
    feed.onopen = () => {
      tell({ standing: true, all: broken })
      broken = false
    }
    feed.onmessage = event => tell(JSON.parse(event.data) as Word)
    feed.onerror = () => {
      broken = true
      tell({ standing: false })
      if (feed.readyState === EventSource.CLOSED) again = window.setTimeout(open, pause)
    }
  }
  open()
  return new Promise(resolve =>
    over.addEventListener('abort', () => {
      window.clearTimeout(again)
      feed.close()
      resolve()
    }),
  )
}
