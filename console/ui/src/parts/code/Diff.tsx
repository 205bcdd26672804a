import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useEffectEvent, useRef } from 'react'
import { nonce } from '~/app/nonce'
import { type Language, languageOf } from './language'
import { look } from './look'

export interface DiffViewProps {
  before: string
  after: string
  language: Language
  label: string
  /** What the two sides are. */
  titles?: [string, string]
  /** In pixels. */
  maxHeight?: number
}

const changes = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'light-dark(#fdeaea, #3d2022)' },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': { backgroundColor: 'light-dark(#e7f5e8, #1d3622)' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'light-dark(#f7c5c5, #6b2f33)',
  },
  '&.cm-merge-b .cm-changedText': { background: 'light-dark(#bde5c0, #2f5f38)' },
  '.cm-collapsedLines': {
    color: 'light-dark(#0b4a8f, #9ccbf5)',
    background: 'light-dark(#eef3f8, #22303e)',
    backgroundImage: 'none',
  },
  // The signs that stand there otherwise are in few fonts.
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"\\22ef"' },
  '.cm-deletedChunk': { paddingLeft: '6px' },
})

function side(language: Language, label: string): Extension {
  return [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    languageOf(language),
    look,
    changes,
    EditorState.readOnly.of(true),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', inputmode: 'none', 'aria-readonly': 'true' }),
  ]
}

/** What differs between two texts: side by side, or one below the other where there is no room. */
export function Diff({ before, after, language, label, titles = ['Before', 'After'], maxHeight = 520 }: DiffViewProps) {
  const box = useRef<HTMLElement>(null)
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const begin = useEffectEvent((parent: HTMLElement) => {
    const collapseUnchanged = { margin: 4, minSize: 6 }
    if (narrow) {
      const merged = unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged })
      return new EditorView({ parent, doc: after, extensions: [side(language, label), merged] })
    }
    return new MergeView({
      parent,
      a: { doc: before, extensions: side(language, `${label}: ${titles[0]}`) },
      b: { doc: after, extensions: side(language, `${label}: ${titles[1]}`) },
      collapseUnchanged,
    })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is made anew whenever one of them changes
  useEffect(() => {
    if (!box.current) return undefined
    const view = begin(box.current)
    return () => view.destroy()
  }, [before, after, language, narrow])
  if (before === after) return <p className="g-quiet">There is no difference.</p>
  return (
    <div className="g-code g-diff">
      {!narrow && (
        <div className="g-diff-titles g-quiet">
          <span>{titles[0]}</span>
          <span>{titles[1]}</span>
        </div>
      )}
      <section ref={box} style={{ maxHeight, overflow: 'auto' }} aria-label={label} />
    </div>
  )
}
