import { asFault } from '~/api/fault'
import { inConsole } from './hint'

// Whether anything has been told yet: what shows it is loaded only then.
let needed = false
const listeners = new Set<() => void>()

export const wanted = {
  now: () => needed,
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

async function show(said: { message: string; title?: string; color: string; autoClose: number }) {
  const { show } = await import('./notifications')
  if (!needed) {
    needed = true
    for (const l of listeners) l()
  }
  show(said)
}

/** Short words at the edge of the page about what has been done, or has not. */
export const tell = {
  done(message: string) {
    void show({ message, color: 'green', autoClose: 4000 })
  },
  failure(error: unknown) {
    const fault = asFault(error)
    void show({ title: fault.message, message: inConsole(fault.hint ?? ''), color: 'red', autoClose: 12_000 })
  },
}
