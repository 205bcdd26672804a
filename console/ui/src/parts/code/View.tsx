import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Editor } from './Editor'
import type { Language } from './language'

export interface CodeViewProps {
  text: string
  language: Language
  label: string
  /** In pixels; what is longer is scrolled. */
  maxHeight?: number
}

function bounded(maxHeight: number): Extension {
  return [EditorView.theme({ '&': { maxHeight: `${maxHeight}px` } }), EditorView.lineWrapping]
}

/** A text that is only read. */
export function View({ text, language, label, maxHeight = 480 }: CodeViewProps) {
  return (
    <div className="g-code">
      <Editor value={text} language={language} label={label} readOnly extensions={bounded(maxHeight)} />
    </div>
  )
}
