import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import { indentUnit } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { expressions } from './expressions'

export type Language = 'yaml' | 'json' | 'text'

/** What a language needs: its colours, its folding, and how it is indented. */
export function languageOf(language: Language): Extension {
  const indent = [indentUnit.of('  '), EditorState.tabSize.of(2)]
  if (language === 'yaml') return [indent, yaml(), expressions()]
  if (language === 'json') return [indent, json()]
  return indent
}
