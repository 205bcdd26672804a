import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state'
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from '@codemirror/view'
import { api } from '~/api/client'
import { offsetOf, placeOf } from './positions'

/** What stands at a place, as the server knows it. */
async function explain(workflow: string, view: EditorView, pos: number): Promise<Tooltip | null> {
  const doc = view.state.doc
  try {
    const { data } = await api.POST('/workflows/{workflow}/hover', {
      params: { path: { workflow } },
      body: { text: doc.toString(), ...placeOf(doc, pos) },
    })
    if (!data?.title || view.state.doc !== doc) return null
    return {
      pos: data.line ? offsetOf(doc, data.line, data.column ?? 1) : pos,
      end: data.end_line ? offsetOf(doc, data.end_line, data.end_column ?? 1) : pos,
      above: true,
      create: () => ({ dom: explanation(data.title ?? '', data.type, data.text) }),
    }
  } catch {
    return null
  }
}

function explanation(title: string, type: string | undefined, text: string | undefined): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'g-hover'
  dom.setAttribute('role', 'status')
  const add = (tag: string, content: string) => {
    const part = document.createElement(tag)
    part.textContent = content
    dom.append(part)
  }
  add('b', title)
  if (type) add('code', type)
  if (text) add('p', text)
  return dom
}

const show = StateEffect.define<Tooltip | null>()

// What was asked for by key stays until something else is done.
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update(was, transaction) {
    for (const effect of transaction.effects) if (effect.is(show)) return effect.value
    return transaction.docChanged || transaction.selection ? null : was
  },
  provide: field => showTooltip.from(field),
})

/** What things mean: under the pointer, and by Ctrl-i where the cursor is. */
export function explanations(workflow: string): Extension {
  const ask = (view: EditorView) => {
    const { head } = view.state.selection.main
    void explain(workflow, view, head).then(told => {
      if (view.state.selection.main.head === head) view.dispatch({ effects: show.of(told) })
    })
    return true
  }
  const close = (view: EditorView) => {
    if (!view.state.field(asked)) return false
    view.dispatch({ effects: show.of(null) })
    return true
  }
  return [
    hoverTooltip((view, pos) => explain(workflow, view, pos), { hoverTime: 400, hideOnChange: true }),
    asked,
    Prec.high(
      keymap.of([
        { key: 'Mod-i', run: ask, preventDefault: true },
        { key: 'Escape', run: close },
      ]),
    ),
    EditorView.baseTheme({
      '.g-hover': { padding: '8px 12px', maxWidth: '420px' },
      '.g-hover code': { display: 'block', margin: '2px 0', color: 'var(--g-quiet)' },
      '.g-hover p': { margin: '6px 0 0', whiteSpace: 'pre-wrap' },
    }),
  ]
}
