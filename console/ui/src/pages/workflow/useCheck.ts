import { keepPreviousData } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { query, type Schemas } from '~/api/client'

export type Diagnostic = Schemas['CheckedDiagnostic']

export interface Checked {
  /** The text that was checked; null: another one than stands there now. */
  text: string | null
  ok: boolean
  diagnostics: Diagnostic[]
  outline: Schemas['AssistOutline'] | null
}

const pause = 300

/**
 * What the server's checker says of a text, a moment after the last change, and again when other files have changed:
 * a workflow that it calls is there now, say.
 */
export function useCheck(workflow: string, text: string, enabled: boolean) {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pause)
    return () => clearTimeout(timer)
  }, [text])
  const { data, error, isPlaceholderData } = query.useQuery(
    'post',
    '/workflows/{workflow}/check',
    { params: { path: { workflow } }, body: { text: settled } },
    { enabled, gcTime: 0, placeholderData: keepPreviousData },
  )
  const of = isPlaceholderData ? null : settled
  const checked = useMemo<Checked | null>(
    () => (data ? { text: of, ok: data.ok, diagnostics: data.diagnostics ?? [], outline: data.outline ?? null } : null),
    [data, of],
  )
  return { checked, error, current: of === text }
}
