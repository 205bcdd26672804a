import { useCallback, useEffect, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'

export type Stored = Schemas['ShowDraftOutBody']

// The editor knows one kind of line end; the file keeps its own.
const plain = (text: string) => text.replace(/\r\n?/g, '\n')

interface State {
  text: string
  /** The file's version that the text comes from. */
  base: string
  /** Of the draft that it was kept as; 0: none. */
  revision: number
  /** The text as it was last kept, as a draft or as the file. */
  kept: string
  crlf: boolean
}

function begun({ draft, file }: Stored, shown: string): State {
  const text = draft?.text ?? file?.text ?? shown
  return {
    text: plain(text),
    kept: plain(text),
    base: draft ? draft.base : (file?.version ?? ''),
    revision: draft?.revision ?? 0,
    crlf: text.includes('\r\n'),
  }
}

/** The text that is written: where it comes from, whether it is kept, and what happened to the file meanwhile. */
export function useDocument(workflow: string, stored: Stored, shown: string) {
  const [state, setState] = useState(() => begun(stored, shown))
  const file = stored.file ? plain(stored.file.text) : null
  const version = stored.file?.version ?? ''
  const dirty = state.text !== state.kept
  const unpublished = file === null || state.text !== file
  const revision = stored.draft?.revision ?? 0
  // Who has changed nothing sees what others do, at once.
  useEffect(() => {
    setState(was => {
      const untouched = was.text === was.kept
      const theirs = (stored.draft?.revision ?? 0) !== was.revision || (was.revision === 0 && version !== was.base)
      return untouched && theirs ? begun(stored, shown) : was
    })
  }, [stored, version, shown])

  const setText = useCallback((text: string) => setState(was => (was.text === text ? was : { ...was, text })), [])
  const written = state.crlf ? state.text.replace(/\n/g, '\r\n') : state.text

  const save = async (over?: number) => {
    const text = state.text
    const { data } = await api.PUT('/workflows/{workflow}/draft', {
      params: { path: { workflow } },
      body: { text: written, base: state.base, revision: over ?? state.revision },
    })
    const draft = data?.draft
    if (draft) setState(was => ({ ...was, kept: text, revision: draft.revision }))
    await refresh('workflows')
  }
  const discard = async () => {
    if (state.revision > 0) await api.DELETE('/workflows/{workflow}/draft', { params: { path: { workflow } } })
    setState(begun({ ...stored, draft: null as never }, shown))
    await refresh('workflows')
  }
  const publish = async (comment: string, overwrite: boolean) => {
    const text = state.text
    const { data } = await api.POST('/workflows/{workflow}/publish', {
      params: { path: { workflow } },
      body: { text: written, comment, base: state.base, overwrite, revision: state.revision },
    })
    setState(was => ({ ...was, kept: text, base: data?.version ?? was.base, revision: 0 }))
    await refresh('workflows')
  }
  /** Goes on from the text that lies there: the file's, or a draft that somebody else kept. */
  const take = (what: 'file' | 'draft') =>
    setState(was => {
      const next = begun(what === 'file' ? { ...stored, draft: null as never } : stored, shown)
      return what === 'file' ? { ...next, revision: was.revision, kept: was.revision > 0 ? was.kept : next.kept } : next
    })

  return {
    ...state,
    file,
    dirty,
    unpublished,
    setText,
    save,
    discard,
    publish,
    take,
    /** The file is not the one any more that the text comes from. */
    fileChanged: stored.file !== null && version !== state.base,
    fileGone: stored.file === null && state.base !== '',
    /** Somebody else kept a draft since. */
    draftChanged: dirty && revision !== state.revision && revision !== 0,
  }
}

export type WorkflowDocument = ReturnType<typeof useDocument>
