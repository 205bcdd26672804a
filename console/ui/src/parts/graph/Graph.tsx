import { useComputedColorScheme, useMantineTheme } from '@mantine/core'
import { useMediaQuery, useReducedMotion } from '@mantine/hooks'
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from '@xyflow/react'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { Problem } from '~/parts/Problem'
import { StartBox, TaskBox, TriggerBox, WordBox } from './boxes'
import { type BoxNode, edgesOf, nodesOf, type Shown, type WayEdge } from './flow'
import { type Layout, useLayout } from './layout'
import { Marks, markOf } from './Marks'
import { type Outline, shapeOf, taskId } from './shape'
import { beside } from './steps'
import { WayLine } from './WayLine'
import '@xyflow/react/dist/style.css'
import './graph.css'

export interface WorkflowGraphProps extends Omit<Shown, 'connectable'> {
  outline: Outline
  onSelect?: (task: string | null) => void
  /** Tasks can be connected by dragging where it is given. */
  onConnect?: (from: string, to: string) => void
  onSelectTransition?: (from: string, index: number) => void
  height: number | string
  label: string
}

const nodeTypes = { task: TaskBox, trigger: TriggerBox, start: StartBox, word: WordBox }
const edgeTypes = { way: WayLine }
const nameIn = (id: string) => (id.startsWith('task:') ? id.slice(5) : null)

/** A workflow drawn: its tasks from top to bottom, and the ways between them. */
export function Graph(props: WorkflowGraphProps) {
  const shape = useMemo(() => shapeOf(props.outline), [props.outline])
  const { layout, error } = useLayout(shape)
  return (
    <section
      className="g-graph"
      style={{ height: props.height }}
      aria-label={props.label}
      aria-busy={!error && layout?.shape !== shape}
    >
      {error ? <Problem error={error} title="The graph could not be drawn." /> : null}
      {layout && (
        <ReactFlowProvider>
          <Drawing {...props} layout={layout} />
        </ReactFlowProvider>
      )}
      {!layout && !error && <p role="status">The graph is being drawn …</p>}
    </section>
  )
}

function Drawing({
  layout,
  states,
  taken,
  selected,
  onSelect,
  onConnect,
  onSelectTransition,
}: WorkflowGraphProps & { layout: Layout }) {
  const scheme = useComputedColorScheme('light')
  const { breakpoints } = useMantineTheme()
  const phone = useMediaQuery(`(max-width: ${breakpoints.sm})`)
  const connectable = onConnect !== undefined
  const nodes = useMemo(
    () => nodesOf(layout, { states, selected, connectable }),
    [layout, states, selected, connectable],
  )
  const edges = useMemo(
    () =>
      edgesOf(layout, { taken, selected }, onSelectTransition).map(e => ({
        ...e,
        markerEnd: markOf(e.data?.way.kind ?? 'always'),
      })),
    [layout, taken, selected, onSelectTransition],
  )
  const flow = useReactFlow<BoxNode, WayEdge>()
  const walk = (event: KeyboardEvent) => {
    const on = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset.id
    const to = on && beside(layout, on, event.key)
    if (!to) return
    event.preventDefault()
    event.stopPropagation()
    const node = event.currentTarget.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(to)}"]`)
    node?.focus()
  }
  return (
    <ReactFlow<BoxNode, WayEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      colorMode={scheme}
      minZoom={0.08}
      maxZoom={1.6}
      nodesDraggable={false}
      nodesConnectable={connectable}
      elementsSelectable={onSelect !== undefined || onSelectTransition !== undefined}
      edgesFocusable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      zoomOnDoubleClick={false}
      onNodeClick={(_, node) => nameIn(node.id) && onSelect?.(nameIn(node.id))}
      onPaneClick={() => onSelect?.(null)}
      onEdgeClick={(_, edge) => {
        const t = edge.data?.way.transition
        if (t) onSelectTransition?.(t.from, t.index)
      }}
      onConnect={({ source, target }) => {
        const [from, to] = [nameIn(source), nameIn(target)]
        if (from && to) onConnect?.(from, to)
      }}
      isValidConnection={({ source, target }) => nameIn(source) !== null && nameIn(target) !== null}
      onKeyDown={event => {
        const on = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset.id
        if (on && (event.key === 'Enter' || event.key === ' ') && nameIn(on)) {
          event.preventDefault()
          onSelect?.(nameIn(on))
        } else walk(event)
      }}
      proOptions={{ hideAttribution: true }}
    >
      <Marks />
      <View layout={layout} selected={selected} flow={flow} />
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
      <Controls
        showInteractive={false}
        fitViewOptions={{ maxZoom: 1 }}
        position="top-right"
        orientation="horizontal"
        aria-label="Zoom"
      />
      {!phone && layout.shape.boxes.length > 40 && (
        <MiniMap pannable zoomable nodeClassName={n => `g-mini-${n.type}`} ariaLabel="The whole graph in small" />
      )}
      {layout.shape.boxes.length === 0 && <Panel position="top-center">There are no tasks yet.</Panel>}
    </ReactFlow>
  )
}

const margin = 16

/** Moves the view: first to all, or to the beginning where all is too small to read; then to what is selected. */
function View({
  layout,
  selected,
  flow,
}: {
  layout: Layout
  selected?: string | null
  flow: ReturnType<typeof useReactFlow<BoxNode, WayEdge>>
}) {
  const still = useReducedMotion()
  const begun = useRef(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const room = box.current?.closest('.react-flow')?.getBoundingClientRect()
    if (begun.current || !room || room.width === 0) return
    begun.current = true
    const { width, height } = layout.placed
    const whole = Math.min((room.width - 2 * margin) / width, (room.height - 2 * margin) / height, 1)
    const zoom = Math.max(whole, 0.62)
    const top = [...layout.placed.boxes.entries()].sort((a, b) => a[1].y - b[1].y)[0]
    const centre = width * zoom <= room.width ? width / 2 : (top?.[1].x ?? 0) + 118
    const y = height * zoom <= room.height ? (room.height - height * zoom) / 2 : margin
    void flow.setViewport({ x: room.width / 2 - centre * zoom, y, zoom })
  }, [layout, flow])
  useEffect(() => {
    const at = selected && layout.placed.boxes.get(taskId(selected))
    const room = box.current?.closest('.react-flow')?.getBoundingClientRect()
    if (!at || !room) return
    const { x, y, zoom } = flow.getViewport()
    const left = at.x * zoom + x
    const top = at.y * zoom + y
    const seen = left > 0 && top > 0 && left + 236 * zoom < room.width && top + 60 * zoom < room.height
    if (!seen) void flow.setCenter(at.x + 118, at.y + 40, { zoom: Math.max(zoom, 0.6), duration: still ? 0 : 250 })
  }, [selected, layout, flow, still])
  return <div ref={box} hidden />
}
