import { Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useCallback, useState } from 'react'
import type { Outline } from '~/parts/graph'
import { Problem } from '~/parts/Problem'
import { AddTask } from './AddTask'
import { mend } from './assist'
import { ConnectDialog } from './ConnectDialog'
import { addTask } from './edit/tasks'
import { connect } from './edit/ways'
import { Fixes } from './Fixes'
import { Found } from './Found'
import { GraphPane } from './GraphPane'
import { type Pane, Panes } from './Panes'
import { TaskPanel } from './TaskPanel'
import { TextPane } from './TextPane'
import { useArrival, useSelected } from './useArrival'
import type { Checked } from './useCheck'
import type { WorkflowDocument } from './useDocument'
import { useWriter } from './useWriter'
import './workflow.css'

interface WritingProps {
  workflow: string
  document: WorkflowDocument
  readOnly: boolean
  check: { checked: Checked | null; error: unknown; current: boolean }
  /** Of the version in use, where the text is not checked for the reader. */
  outline: Outline | null
  /** Has the place of a mistake shown: given to what lies outside. */
  onWriter: (goTo: (line: number, column: number) => void) => void
}

const none: Outline = { inputs: [], tasks: [], transitions: [], triggers: [] }

/** The graph beside the text. */
export function Writing({ workflow, document, readOnly, check, outline: shown, onWriter }: WritingProps) {
  const [selected, setSelected] = useSelected()
  const [panel, setPanel] = useState(selected !== '')
  const [adding, setAdding] = useState<{ after?: string } | null>(null)
  const [connecting, setConnecting] = useState<{ from: string; to?: string } | null>(null)
  const [pane, setPane] = useState<Pane>('graph')
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const [last, setLast] = useState<Outline | null>(shown)
  // A text that cannot be read at all keeps the drawing that was there.
  const drawn = check.checked?.outline ?? (readOnly ? shown : last)
  const outline = drawn ?? none
  if (check.checked?.outline && check.checked.outline !== last) setLast(check.checked.outline)
  const tasks = outline.tasks ?? []
  const names = tasks.map(t => t.name)
  const task = tasks.find(t => t.name === selected)
  const select = (name: string | null) => {
    if ((name ?? '') !== selected) setSelected(name)
  }
  const writer = useWriter({
    workflow,
    readOnly,
    checked: check.checked,
    tasks,
    selected,
    onSelect: select,
  })
  const goTo = (line: number, column = 1) => {
    setPane('text')
    // On a phone the text is only there after the pane has changed.
    setTimeout(() => writer.goTo(line, column), 0)
  }
  useArrival({ workflow, readOnly, writer, goTo })
  const pick = (name: string | null) => {
    select(name)
    if (!name) return
    setPanel(true)
    const picked = tasks.find(t => t.name === name)
    if (picked) writer.goTo(picked.line, 1, false)
  }
  const pickWay = (from: string, index: number) => {
    const way = outline.transitions?.find(t => t.from === from && t.index === index)
    select(from)
    setPanel(true)
    if (way) writer.goTo(way.line, 1, false)
  }
  const drag = useCallback((from: string, to: string) => setConnecting({ from, to }), [])

  const graph = (
    <GraphPane
      workflow={workflow}
      outline={drawn}
      selected={selected}
      closed={panel ? undefined : task}
      readOnly={readOnly}
      phone={phone}
      add={() => setAdding({})}
      open={() => setPanel(true)}
      pick={pick}
      pickWay={pickWay}
      connect={drag}
      panel={
        task &&
        panel && (
          <TaskPanel
            key={task.name}
            task={task}
            outline={outline}
            text={document.text}
            writer={writer}
            readOnly={readOnly}
            close={() => setPanel(false)}
            select={pick}
            addAfter={after => setAdding({ after })}
            connectFrom={from => setConnecting({ from })}
          />
        )
      }
    />
  )
  const found = (
    <Found
      checked={check.checked}
      goTo={goTo}
      whole={phone}
      mend={
        readOnly
          ? undefined
          : fix => {
              const editor = writer.editor()
              if (editor) mend(editor, fix)
            }
      }
    />
  )
  const text = (
    <TextPane
      workflow={workflow}
      document={document}
      check={check}
      writer={writer}
      readOnly={readOnly}
      phone={phone}
      found={found}
      onReady={() => {
        onWriter(goTo)
        if (task) writer.goTo(task.line, 1, false)
      }}
    />
  )
  return (
    <div className="g-write">
      <Problem error={check.error} title="The text could not be checked." />
      <Panes
        phone={phone}
        pane={pane}
        onPane={setPane}
        graph={graph}
        text={text}
        found={readOnly ? null : found}
        count={check.checked?.diagnostics.length ?? 0}
      />
      {phone && !readOnly && (
        <Text size="xs" className="g-quiet">
          Writing is easier on a larger screen; everything works here, too.
        </Text>
      )}
      <AddTask
        opened={adding !== null}
        close={() => setAdding(null)}
        workflow={workflow}
        tasks={names}
        after={adding?.after}
        add={(t, after) => {
          writer.edit(was => addTask(was, t, after))
          setPanel(true)
          select(t.name)
        }}
      />
      <ConnectDialog
        key={`${connecting?.from}>${connecting?.to}`}
        from={connecting?.from ?? null}
        to={connecting?.to}
        tasks={names}
        close={() => setConnecting(null)}
        connect={(from, to, taken) => writer.edit(was => connect(was, from, to, taken))}
      />
      <Fixes writer={writer} />
    </div>
  )
}
