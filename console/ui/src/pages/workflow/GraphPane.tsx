import { Button, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type Outline, type OutlineTask, WorkflowGraph } from '~/parts/graph'

interface GraphPaneProps {
  workflow: string
  /** null: what there is cannot be drawn. */
  outline: Outline | null
  selected: string
  /** The selected task, whose panel is closed. */
  closed?: OutlineTask
  readOnly: boolean
  phone: boolean
  add: () => void
  open: () => void
  pick: (task: string | null) => void
  pickWay: (from: string, index: number) => void
  connect: (from: string, to: string) => void
  /** What is shown of the selected task. */
  panel: ReactNode
}

/** The graph, in which tasks are chosen and connected. */
export function GraphPane(props: GraphPaneProps) {
  const { workflow, outline, selected, closed, readOnly, phone, add, open, pick, pickWay, connect, panel } = props
  return (
    <div className="g-pane">
      <div className="g-pane-bar" hidden={readOnly && !closed}>
        {!readOnly && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            Add a task
          </Button>
        )}
        {closed && (
          <Button size="compact-sm" variant="subtle" onClick={open}>
            About {closed.name}
          </Button>
        )}
        {!readOnly && !phone && (
          <Text size="xs" className="g-quiet" ml="auto">
            Drag from a task's lower edge to connect it
          </Text>
        )}
      </div>
      <div className="g-pane-rest">
        {outline ? (
          <WorkflowGraph
            outline={outline}
            selected={selected}
            onSelect={pick}
            onConnect={readOnly ? undefined : connect}
            onSelectTransition={pickWay}
            height="100%"
            label={`The graph of ${workflow}`}
          />
        ) : (
          <Text size="sm" p="md" className="g-quiet">
            {readOnly ? 'It is drawn once it is published.' : 'It is drawn as soon as the text can be read.'}
          </Text>
        )}
      </div>
      {panel}
    </div>
  )
}
