import { isolateHistory } from '@codemirror/commands'
import { previousDiagnostic } from '@codemirror/lint'
import { Prec } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import { changesBetween } from '~/parts/code/changes'
import type { OutlineTask } from '~/parts/graph'
import { assistance, fixesAt, goTo, mark, showDiagnostics } from './assist'
import type { Checked } from './useCheck'

type Fixes = ReturnType<typeof fixesAt>

interface Wiring {
  workflow: string
  readOnly: boolean
  checked: Checked | null
  tasks: OutlineTask[]
  selected: string
  onSelect: (task: string | null) => void
}

/** The editor of a workflow, wired to the checker and the graph. */
export function useWriter({ workflow, readOnly, checked, tasks, selected, onSelect }: Wiring) {
  const view = useRef<EditorView | null>(null)
  const [ready, setReady] = useState(false)
  const [fixes, setFixes] = useState<Fixes | null>(null)
  const cursor = useEffectEvent((line: number) => {
    const on = tasks.find(t => t.line <= line && line <= t.end_line)
    onSelect(on?.name ?? null)
  })
  const fixHere = useEffectEvent((editor: EditorView) => {
    const here = fixesAt(editor)
    const [first] = here
    if (here.length === 1 && first) first.apply(editor, 0, 0)
    else if (here.length > 1) setFixes(here)
    return true
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor begins once for a workflow
  const extensions = useMemo(() => {
    const keys = keymap.of([
      { key: 'Mod-.', run: editor => fixHere(editor), preventDefault: true },
      { key: 'Shift-F8', run: previousDiagnostic, preventDefault: true },
    ])
    const follow = EditorView.updateListener.of(update => {
      const byHand = update.transactions.some(t => t.isUserEvent('select') || t.isUserEvent('input'))
      if (update.selectionSet && byHand) {
        cursor(update.state.doc.lineAt(update.state.selection.main.head).number)
      }
    })
    return [readOnly ? [] : assistance(workflow), readOnly ? [] : Prec.high(keys), follow]
  }, [])

  useEffect(() => {
    const editor = view.current
    if (ready && editor && checked && !readOnly && checked.text === editor.state.sliceDoc()) {
      showDiagnostics(editor, checked.diagnostics)
    }
  }, [ready, checked, readOnly])

  const task = tasks.find(t => t.name === selected)
  const [from, to] = [task?.line, task?.end_line]
  useEffect(() => {
    if (ready && view.current && !readOnly) mark(view.current, from && to ? { from, to } : null)
  }, [ready, from, to, readOnly])

  /** Makes an edit of the text, as one step to undo. */
  const edit = (change: (text: string) => string, typing = false) => {
    const editor = view.current
    if (!editor || readOnly) return
    const before = editor.state.sliceDoc()
    const after = change(before)
    if (after === before) return
    editor.dispatch({
      changes: changesBetween(before, after),
      userEvent: typing ? 'input.type' : 'edit',
      annotations: typing ? [] : isolateHistory.of('full'),
    })
  }
  return {
    extensions,
    /** Whether the editor is there. */
    ready,
    edit,
    fixes,
    closeFixes: () => setFixes(null),
    editor: () => view.current,
    focus: () => view.current?.focus(),
    onReady: (editor: EditorView) => {
      view.current = editor
      setReady(true)
    },
    goTo: (line: number, column = 1, focus = true) => {
      if (!view.current) return
      goTo(view.current, line, column)
      if (focus) view.current.focus()
    },
  }
}

export type Writer = ReturnType<typeof useWriter>
