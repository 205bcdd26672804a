// Data as people write it: YAML, and so JSON as well. Loaded only where a form needs it.
import { parseDocument, stringify } from 'yaml'
import { wholeOf } from '~/api/json'
import { Unreadable } from './values'

/** Reads YAML or JSON; undefined where nothing stands there. */
export function readData(text: string): unknown {
  if (text.trim() === '') return undefined
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true, intAsBigInt: true })
  const mistake = document.errors[0]
  if (mistake) {
    const line = mistake.linePos?.[0].line
    const what = mistake.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')
    return new Unreadable(text, line ? `line ${line}: ${what}` : (what ?? 'cannot be read'))
  }
  const reviver = (_: unknown, value: unknown) => (typeof value === 'bigint' ? wholeOf(value) : value)
  return document.toJS({ maxAliasCount: 100, reviver })
}

/** Data as YAML, as readData takes it. */
export function writeData(value: unknown): string {
  if (value === undefined) return ''
  if (value instanceof Unreadable) return value.text
  return stringify(value, { lineWidth: 100 }).trimEnd()
}
