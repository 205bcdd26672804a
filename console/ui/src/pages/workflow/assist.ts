import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { type Action, forEachDiagnostic, lintGutter, type Diagnostic as Shown, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Extension, StateEffect, StateField, type Text } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'
import { api, type Schemas } from '~/api/client'
import { explanations } from './explain'
import { offsetOf, placeOf } from './positions'
import type { Diagnostic } from './useCheck'

type Fix = Schemas['AssistFix']

const kinds: Record<string, string> = {
  key: 'property',
  value: 'constant',
  variable: 'variable',
  field: 'property',
  function: 'function',
  task: 'class',
  action: 'method',
  workflow: 'namespace',
  snippet: 'text',
}

/** What can be written at the cursor, as the server knows it. */
async function complete(workflow: string, context: CompletionContext): Promise<CompletionResult | null> {
  const before = context.state.sliceDoc(Math.max(0, context.pos - 1), context.pos)
  if (!context.explicit && !/[\w.${'"]/.test(before)) return null
  const doc = context.state.doc
  const stop = new AbortController()
  context.addEventListener('abort', () => stop.abort())
  try {
    const { data } = await api.POST('/workflows/{workflow}/complete', {
      params: { path: { workflow } },
      body: { text: doc.toString(), ...placeOf(doc, context.pos) },
      signal: stop.signal,
    })
    const items = data?.items ?? []
    if (context.aborted || !data || items.length === 0) return null
    return {
      from: Math.min(context.pos, offsetOf(doc, data.from.line, data.from.column)),
      options: items.map(
        (item, i): Completion => ({
          label: item.label,
          apply: item.insert,
          type: kinds[item.kind],
          detail: item.detail,
          info: item.documentation,
          boost: Math.max(-99, 50 - i),
        }),
      ),
      validFor: /^[\w]*$/,
    }
  } catch {
    return null // without suggestions one can still type
  }
}

/** Completion and explanations from the server, and signs of what is wrong beside the lines. */
export function assistance(workflow: string): Extension {
  const source = (context: CompletionContext) => complete(workflow, context)
  return [
    EditorState.languageData.of(() => [{ autocomplete: source }]),
    explanations(workflow),
    lintGutter(),
    markedLines,
  ]
}

/** Makes a fix of the server's, as one change. */
export function mend(view: EditorView, fix: Fix) {
  const doc = view.state.doc
  const changes = (fix.edits ?? []).map(e => ({
    from: offsetOf(doc, e.line, e.column),
    to: offsetOf(doc, e.end_line, e.end_column),
    insert: e.text,
  }))
  view.dispatch({ changes, userEvent: 'input.mend', scrollIntoView: true })
  view.focus()
}

/** Shows what was found in the text that stands there. */
export function showDiagnostics(view: EditorView, found: Diagnostic[]) {
  const doc = view.state.doc
  const shown = found.map((d): Shown => {
    const from = offsetOf(doc, d.line, d.column)
    const to = Math.max(from, offsetOf(doc, d.end_line, d.end_column))
    const actions = (d.fixes ?? []).map((fix): Action => ({ name: fix.title, apply: v => mend(v, fix) }))
    return { from, to, severity: d.severity, message: d.hint ? `${d.message}\n${d.hint}` : d.message, actions }
  })
  view.dispatch(setDiagnostics(view.state, shown))
}

/** The fixes of what is marked at the cursor, or anywhere on its line. */
export function fixesAt(view: EditorView): Action[] {
  const { from, to } = view.state.doc.lineAt(view.state.selection.main.head)
  const fixes: Action[] = []
  forEachDiagnostic(view.state, (d, start, end) => {
    if (start <= to && end >= from) fixes.push(...(d.actions ?? []))
  })
  return fixes
}

const markLines = StateEffect.define<{ from: number; to: number } | null>()
const marked = Decoration.line({ class: 'g-marked-line' })

const markedLines: Extension = [
  StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(was, transaction) {
      for (const effect of transaction.effects) {
        if (effect.is(markLines)) return effect.value ? between(transaction.state.doc, effect.value) : Decoration.none
      }
      return was.map(transaction.changes)
    },
    provide: field => EditorView.decorations.from(field),
  }),
  EditorView.baseTheme({
    '.g-marked-line': { boxShadow: 'inset 3px 0 0 var(--mantine-primary-color-filled)' },
  }),
]

function between(doc: Text, { from, to }: { from: number; to: number }): DecorationSet {
  const lines = []
  for (let n = from; n <= Math.min(to, doc.lines); n++) lines.push(marked.range(doc.line(n).from))
  return Decoration.set(lines)
}

/** Marks the lines of what is selected in the graph. */
export function mark(view: EditorView, lines: { from: number; to: number } | null) {
  view.dispatch({ effects: markLines.of(lines) })
}

/** Brings a line into view, with the cursor on it. */
export function goTo(view: EditorView, line: number, column = 1) {
  const at = offsetOf(view.state.doc, line, column)
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'start', yMargin: 60 }) })
}
