import { useEffect, useRef, useState } from 'react'
import { api, type Schemas } from '~/api/client'

export type Diagnostic = Schemas['CheckedDiagnostic']

export interface Checked {
  /** The text that was checked. */
  text: string
  ok: boolean
  diagnostics: Diagnostic[]
  outline: Schemas['AssistOutline'] | null
}

const pause = 300

/** What the server's checker says of a text, a moment after the last change. Answers for older texts are dropped. */
export function useCheck(workflow: string, text: string, enabled: boolean) {
  const [checked, setChecked] = useState<Checked | null>(null)
  const [error, setError] = useState<unknown>(null)
  const first = useRef(true)
  useEffect(() => {
    if (!enabled) return undefined
    const stop = new AbortController()
    const ask = async () => {
      try {
        const { data } = await api.POST('/workflows/{workflow}/check', {
          params: { path: { workflow } },
          body: { text },
          signal: stop.signal,
        })
        if (stop.signal.aborted || !data) return
        setError(null)
        setChecked({ text, ok: data.ok, diagnostics: data.diagnostics ?? [], outline: data.outline })
      } catch (e) {
        if (!stop.signal.aborted) setError(e)
      }
    }
    const timer = setTimeout(() => void ask(), first.current ? 0 : pause)
    first.current = false
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [workflow, text, enabled])
  return { checked, error, current: checked?.text === text }
}
