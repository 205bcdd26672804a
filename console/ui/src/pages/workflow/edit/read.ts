import { isMap, isNothing, Source } from './source'

/** The inputs that a task is given, as the text has them; not readable where they are no map. */
export function inputsOf(text: string, task: string): { readable: boolean; values: Record<string, unknown> } {
  const src = new Source(text)
  const pair = src.at(['tasks', task])
  if (!pair) return { readable: false, values: {} }
  const given = src.at(['tasks', task, 'with'])
  if (!given || isNothing(given.value)) return { readable: true, values: {} }
  if (!isMap(given.value)) return { readable: false, values: {} }
  try {
    return { readable: true, values: given.value.toJS(src.doc) as Record<string, unknown> }
  } catch {
    return { readable: false, values: {} }
  }
}
