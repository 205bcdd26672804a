// A condition that was made on a trigger's page is handed to the editor by the browser, for it may be long.
const key = 'gantry.when'

interface Handed {
  workflow: string
  trigger: string
  /** Without braces. */
  when: string
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Keeps a condition until the editor takes it. */
export function handOver(handed: Handed, store: Store = sessionStorage): void {
  store.setItem(key, JSON.stringify(handed))
}

/** Takes the condition that was made for a trigger; null: there is none. What was made for another one stays. */
export function takeOver(workflow: string, trigger: string, store: Store = sessionStorage): string | null {
  const handed = read(store.getItem(key))
  if (handed?.workflow !== workflow || handed.trigger !== trigger) return null
  store.removeItem(key)
  return typeof handed.when === 'string' && handed.when !== '' ? handed.when : null
}

function read(text: string | null): Partial<Handed> | null {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
