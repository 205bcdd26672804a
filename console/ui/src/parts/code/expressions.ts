import { type Extension, RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { conditionsOf, type Span, spansOf, type TokenKind, tokensOf } from './cel'

const inside = Decoration.mark({ class: 'g-cel' })
const marks: Record<TokenKind, Decoration> = {
  name: Decoration.mark({ class: 'g-cel-name' }),
  string: Decoration.mark({ class: 'g-cel-string' }),
  number: Decoration.mark({ class: 'g-cel-number' }),
  keyword: Decoration.mark({ class: 'g-cel-keyword' }),
  operator: Decoration.mark({ class: 'g-cel-operator' }),
  function: Decoration.mark({ class: 'g-cel-function' }),
}

// Only what is seen is coloured, with some lines before it, in which an expression may have begun.
function colour(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  const doc = view.state.doc
  let done = 0
  for (const seen of view.visibleRanges) {
    const start = doc.line(Math.max(1, doc.lineAt(seen.from).number - 30)).from
    const text = doc.sliceString(start, seen.to)
    for (const span of all(text)) {
      const from = start + span.from
      if (from < done || span.to <= span.from) continue
      done = start + span.to
      builder.add(from, done, inside)
      for (const token of tokensOf(text, span)) builder.add(start + token.from, start + token.to, marks[token.kind])
    }
  }
  return builder.finish()
}

function all(text: string): Span[] {
  const spans = spansOf(text)
  let at = 0
  for (const line of text.split('\n')) {
    const condition = conditionsOf(line)
    if (condition) spans.push({ from: at + condition.from, to: at + condition.to })
    at += line.length + 1
  }
  return spans.sort((a, b) => a.from - b.from)
}

const colours = EditorView.baseTheme({
  '.g-cel': { background: 'light-dark(rgb(24 100 184 / 7%), rgb(116 169 223 / 11%))', borderRadius: '2px' },
  '.g-cel-name, .g-cel-name *': { color: 'light-dark(#0b4a8f, #9ccbf5) !important' },
  '.g-cel-string, .g-cel-string *': { color: 'light-dark(#2b6a30, #a6d9a0) !important' },
  '.g-cel-number, .g-cel-number *, .g-cel-keyword, .g-cel-keyword *': {
    color: 'light-dark(#9a3412, #f0b58a) !important',
  },
  '.g-cel-function, .g-cel-function *': { color: 'light-dark(#7c2d8e, #dcb1ea) !important' },
  '.g-cel-operator, .g-cel-operator *': { color: 'light-dark(#4b5563, #c3c8d0) !important' },
})

/** Colours the expressions in a YAML text. */
export function expressions(): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet
      constructor(view: EditorView) {
        this.decorations = colour(view)
      }
      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged) this.decorations = colour(update.view)
      }
    },
    { decorations: p => p.decorations },
  )
  return [plugin, colours]
}
