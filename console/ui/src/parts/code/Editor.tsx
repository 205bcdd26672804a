import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { nonce } from '~/app/nonce'
import { changesBetween } from './changes'
import { type Language, languageOf } from './language'
import { look } from './look'

export interface CodeEditorProps {
  value: string
  onChange?: (value: string) => void
  language: Language
  readOnly?: boolean
  /** What is written here, for screen readers. */
  label: string
  /** A number of pixels, or what CSS takes; `auto` grows with the text. */
  height?: number | string
  /** More of CodeMirror; taken when the editor begins. */
  extensions?: Extension
  onReady?: (view: EditorView) => void
}

// Marks what comes from the value and so is told to nobody.
const given = Annotation.define<boolean>()

// Escape, then Tab leaves, also where Escape did something else at once: closed a list, say, or took a selection back.
const leaving = EditorView.domEventObservers({
  keydown: (event, view) => {
    if (event.key === 'Escape') view.setTabFocusMode(3000)
  },
})

const always: Extension = [
  leaving,
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  foldGutter({ openText: '▾', closedText: '▸' }),
  codeFolding(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  autocompletion(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  keymap.of([
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...foldKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
  look,
]

// A text that is only read is still walked through by keyboard; no keyboard comes up on a phone.
function reading(readOnly: boolean | undefined): Extension {
  if (!readOnly) return []
  return [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ inputmode: 'none', 'aria-readonly': 'true' }),
  ]
}

/** An editor of a text. Esc, then Tab leaves it. */
export function Editor({
  value,
  onChange,
  language,
  readOnly,
  label,
  height = 'auto',
  extensions,
  onReady,
}: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const [compartment] = useState(() => ({ reading: new Compartment(), language: new Compartment() }))
  const changed = useEffectEvent((text: string) => onChange?.(text))
  const begin = useEffectEvent((parent: HTMLElement) => {
    const editor = new EditorView({
      parent,
      doc: value,
      extensions: [
        EditorView.cspNonce.of(nonce),
        extensions ?? [],
        always,
        compartment.language.of(languageOf(language)),
        compartment.reading.of(reading(readOnly)),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.theme({ '&': { height: typeof height === 'number' ? `${height}px` : height } }),
        EditorView.updateListener.of(update => {
          if (update.docChanged && !update.transactions.every(t => t.annotation(given))) {
            changed(update.state.sliceDoc())
          }
        }),
      ],
    })
    view.current = editor
    onReady?.(editor)
    return editor
  })
  useEffect(() => {
    if (!box.current) return undefined
    const editor = begin(box.current)
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [])
  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const now = editor.state.sliceDoc()
    const wanted = value.replace(/\r\n?/g, '\n') // the editor knows one kind of line end
    if (now !== wanted) editor.dispatch({ changes: changesBetween(now, wanted), annotations: given.of(true) })
  }, [value])
  useEffect(() => {
    view.current?.dispatch({
      effects: [
        compartment.reading.reconfigure(reading(readOnly)),
        compartment.language.reconfigure(languageOf(language)),
      ],
    })
  }, [readOnly, language, compartment])
  return <div ref={box} style={{ height: height === 'auto' ? undefined : height, minHeight: 0 }} />
}
