import { useCallback, useEffect, useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import {
  begun,
  begunFromFile,
  fileOf,
  followed,
  isDirty,
  keptOn,
  type Meanwhile,
  meanwhile,
  type Stored,
  taken,
  written,
} from './document'

/** The text that is written, and what is done with it: it is kept as a draft, published, or thrown away. */
export function useDocument(workflow: string, stored: Stored, shown: string) {
  const [state, setState] = useState(() => begun(stored, shown))
  const [busy, setBusy] = useState(false)
  useEffect(() => setState(was => followed(was, stored, shown)), [stored, shown])

  const params = { path: { workflow } }
  const file = fileOf(stored)
  const setText = useCallback((text: string) => setState(was => (was.text === text ? was : { ...was, text })), [])
  // What comes of the own doing is not what somebody else did, also while the answer is on its way.
  const working = async <T>(act: () => Promise<T>): Promise<T> => {
    setBusy(true)
    try {
      return await act()
    } finally {
      await refresh('workflows')
      setBusy(false)
    }
  }
  const discard = async () => {
    const { revision } = state
    if (revision > 0) {
      await api.DELETE('/workflows/{workflow}/draft', { params: { ...params, query: { revision } } })
    }
    setState(revision > 0 ? begunFromFile(stored, shown) : begun(stored, shown))
  }
  const save = async (): Promise<'saved' | 'discarded'> => {
    // A draft that says what the file says is none.
    if (state.text === file && state.base === stored.file?.version) {
      await discard()
      return 'discarded'
    }
    const { text, base, revision } = state
    const { data } = await api.PUT('/workflows/{workflow}/draft', {
      params,
      body: { text: written(state), base, revision },
    })
    const draft = data?.draft
    if (draft) setState(was => ({ ...was, kept: text, keptBase: base, revision: draft.revision }))
    return 'saved'
  }
  const publish = async (comment: string, overwrite: boolean) => {
    const { text, base, revision } = state
    const { data } = await api.POST('/workflows/{workflow}/publish', {
      params,
      body: { text: written(state), comment, base, overwrite, revision },
    })
    const now = data?.version ?? base
    setState(was => ({ ...was, kept: text, base: now, keptBase: now, revision: 0 }))
  }

  return {
    ...state,
    file,
    dirty: isDirty(state),
    unpublished: file === null || state.text !== file,
    /** What somebody else did since; null: nothing. */
    meanwhile: busy ? null : meanwhile(state, stored),
    /** It is being kept, published or discarded. */
    busy,
    setText,
    save: () => working(save),
    discard: () => working(discard),
    publish: (comment: string, overwrite: boolean) => working(() => publish(comment, overwrite)),
    take: (what: Meanwhile) => setState(was => taken(was, what, stored, shown)),
    keep: (what: Meanwhile) => setState(was => keptOn(was, what, stored)),
  }
}

export type WorkflowDocument = ReturnType<typeof useDocument>
