import { Button, Kbd, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useCallback, useState } from 'react'
import { CodeEditor } from '~/parts/code'
import { type Outline, WorkflowGraph } from '~/parts/graph'
import { Problem } from '~/parts/Problem'
import { AddTask } from './AddTask'
import { mend } from './assist'
import { ConnectDialog } from './ConnectDialog'
import { addTask } from './edit/tasks'
import { connect } from './edit/ways'
import { Found, Verdict } from './Found'
import { Splitter } from './Splitter'
import { TaskPanel } from './TaskPanel'
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
  save: () => void
  /** Has the place of a mistake shown: given to what lies outside. */
  onWriter: (goTo: (line: number, column: number) => void) => void
}

const none: Outline = { inputs: [], tasks: [], transitions: [], triggers: [] }

/** The graph beside the text. */
export function Writing({ workflow, document, readOnly, check, outline: shown, save, onWriter }: WritingProps) {
  const [selected, setSelected] = useSelected()
  const [panel, setPanel] = useState(selected !== '')
  const [adding, setAdding] = useState<{ after?: string } | null>(null)
  const [connecting, setConnecting] = useState<{ from: string; to?: string } | null>(null)
  const [pane, setPane] = useState('graph')
  const phone = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const [last, setLast] = useState<Outline | null>(shown)
  // A text that cannot be read at all keeps the drawing that was there.
  const outline = check.checked?.outline ?? (readOnly ? shown : last) ?? none
  if (check.checked?.outline && check.checked.outline !== last) setLast(check.checked.outline)
  const tasks = outline.tasks ?? []
  const names = tasks.map(t => t.name)
  const select = (task: string | null) => {
    if ((task ?? '') !== selected) setSelected(task)
  }
  const writer = useWriter({
    workflow,
    readOnly,
    checked: check.checked,
    tasks,
    selected,
    onSelect: select,
    onSave: save,
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
    const task = tasks.find(t => t.name === name)
    if (task) writer.goTo(task.line, 1, false)
  }
  const drag = useCallback((from: string, to: string) => setConnecting({ from, to }), [])
  const pickWay = (from: string, index: number) => {
    const way = outline.transitions?.find(t => t.from === from && t.index === index)
    select(from)
    setPanel(true)
    if (way) writer.goTo(way.line, 1, false)
  }
  const task = tasks.find(t => t.name === selected)

  const graph = (
    <div className="g-pane">
      <div className="g-pane-bar">
        {!readOnly && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding({})}
          >
            Add a task
          </Button>
        )}
        {task && !panel && (
          <Button size="compact-sm" variant="subtle" onClick={() => setPanel(true)}>
            About {task.name}
          </Button>
        )}
        {!readOnly && !phone && (
          <Text size="xs" className="g-quiet" ml="auto">
            Drag from a task's lower edge to connect it
          </Text>
        )}
      </div>
      <div className="g-pane-rest">
        <WorkflowGraph
          outline={outline}
          selected={selected}
          onSelect={pick}
          onConnect={readOnly ? undefined : drag}
          onSelectTransition={pickWay}
          height="100%"
          label={`The graph of ${workflow}`}
        />
      </div>
      {task && panel && (
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
      )}
    </div>
  )
  const found = (whole: boolean) => (
    <Found
      checked={check.checked}
      goTo={goTo}
      whole={whole}
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
    <div className="g-pane">
      <div className="g-pane-bar">
        <Text size="sm" fw={600}>
          YAML
        </Text>
        {!readOnly && <Verdict checked={check.checked} current={check.current} />}
        {!readOnly && !phone && (
          <Text size="xs" className="g-quiet" ml="auto">
            <Kbd size="xs">F8</Kbd> next mistake · <Kbd size="xs">Ctrl .</Kbd> mend · <Kbd size="xs">Esc Tab</Kbd> leave
          </Text>
        )}
      </div>
      <div className="g-pane-rest">
        <CodeEditor
          value={document.text}
          onChange={document.setText}
          language="yaml"
          readOnly={readOnly}
          label={`The text of ${workflow}`}
          height="100%"
          extensions={writer.extensions}
          onReady={editor => {
            writer.onReady(editor)
            onWriter(goTo)
            if (task) writer.goTo(task.line, 1, false)
          }}
        />
      </div>
      {!readOnly && !phone && (check.checked?.diagnostics.length ?? 0) > 0 && found(false)}
    </div>
  )
  return (
    <div className="g-write">
      <Problem error={check.error} title="The text could not be checked." />
      {phone && (
        <SegmentedControl
          fullWidth
          size="xs"
          value={pane}
          onChange={setPane}
          aria-label="What is shown"
          data={[
            { value: 'graph', label: 'Graph' },
            { value: 'text', label: 'YAML' },
            { value: 'found', label: `Diagnostics (${check.checked?.diagnostics.length ?? 0})` },
          ]}
        />
      )}
      <div className="g-panes">
        {phone ? (
          <>
            {pane === 'graph' && graph}
            <div style={{ height: '100%', display: pane === 'text' ? undefined : 'none' }}>{text}</div>
            {pane === 'found' && <div className="g-pane">{found(true)}</div>}
          </>
        ) : (
          <Splitter left={graph} right={text} />
        )}
      </div>
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
      <Modal opened={writer.fixes !== null} onClose={writer.closeFixes} title="Mend it" size="sm">
        <Stack gap="xs">
          {(writer.fixes ?? []).map((fix, i) => (
            <Button
              key={fix.name}
              variant="default"
              data-autofocus={i === 0 || undefined}
              onClick={() => {
                const editor = writer.editor()
                writer.closeFixes()
                if (editor) fix.apply(editor, 0, 0)
              }}
            >
              {fix.name}
            </Button>
          ))}
        </Stack>
      </Modal>
    </div>
  )
}
