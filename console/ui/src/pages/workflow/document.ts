import type { Schemas } from '~/api/client'

export type Stored = Schemas['ShowDraftOutBody']

// The editor knows one kind of line end; the file keeps its own.
const plain = (text: string) => text.replace(/\r\n?/g, '\n')

/** A text that is written, where it comes from, and what is kept of it. */
export interface State {
  text: string
  /** The file's version that the text comes from; "": there was none. */
  base: string
  /** Of the draft that it was kept as; 0: none. */
  revision: number
  /** The text and its base as they were last kept: as a draft, or as the file. */
  kept: string
  keptBase: string
  crlf: boolean
}

/** Begins with what is kept: the draft, else the file, else what runs. */
export function begun({ draft, file }: Stored, shown: string): State {
  const text = draft?.text ?? file?.text ?? shown
  const base = draft ? draft.base : (file?.version ?? '')
  return {
    text: plain(text),
    kept: plain(text),
    base,
    keptBase: base,
    revision: draft?.revision ?? 0,
    crlf: text.includes('\r\n'),
  }
}

const withoutDraft = (stored: Stored): Stored => ({ ...stored, draft: null as never })

export const begunFromFile = (stored: Stored, shown: string) => begun(withoutDraft(stored), shown)

export const isDirty = (s: State) => s.text !== s.kept || s.base !== s.keptBase

/** The text of the file, as the editor has it; null: there is none. */
export const fileOf = ({ file }: Stored) => (file ? plain(file.text) : null)

/** The text as it is kept: with the line ends that its file has. */
export const written = (s: State) => (s.crlf ? s.text.replace(/\n/g, '\r\n') : s.text)

/** What somebody else did since the text was begun: first what the text would be published over, then its draft. */
export type Meanwhile = 'file changed' | 'file gone' | 'draft saved' | 'draft gone'

export function meanwhile(s: State, { draft, file }: Stored): Meanwhile | null {
  if ((file?.version ?? '') !== s.base) return file ? 'file changed' : 'file gone'
  if (!isDirty(s) || (draft?.revision ?? 0) === s.revision) return null
  return draft ? 'draft saved' : 'draft gone'
}

/** Who has changed nothing goes on from what others did; whoever has changed something keeps it. */
export function followed(s: State, stored: Stored, shown: string): State {
  const theirs = (stored.draft?.revision ?? 0) !== s.revision
  const file = s.revision === 0 && (stored.file?.version ?? '') !== s.base
  return !isDirty(s) && (theirs || file) ? begun(stored, shown) : s
}

/** Goes on from what lies there. Over a draft that stays it counts as a change, so that it can be undone. */
export function taken(s: State, what: Meanwhile, stored: Stored, shown: string): State {
  if (what === 'draft saved') return begun(stored, shown)
  const next = begunFromFile(stored, shown)
  if (!stored.draft || s.revision === 0) return next
  return { ...next, revision: s.revision, kept: s.kept, keptBase: s.keptBase }
}

/** Goes on with the own text, now that it is known what lies there. */
export function keptOn(s: State, what: Meanwhile, stored: Stored): State {
  const file = { kept: fileOf(stored) ?? '', keptBase: stored.file?.version ?? '' }
  switch (what) {
    case 'draft saved':
      return { ...s, revision: stored.draft?.revision ?? 0 }
    case 'draft gone':
      return { ...s, revision: 0, ...file }
    default:
      return { ...s, base: file.keptBase, ...(s.revision === 0 ? file : {}) }
  }
}
