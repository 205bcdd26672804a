import type { Edge, Node } from '@xyflow/react'
import type { Layout } from './layout'
import { type Box, taskId, type Way } from './shape'

/** How a task stands in a run that is shown on the graph. */
export interface TaskState {
  status: string
  /** A few words more, such as how long it took. */
  text?: string
  /** Of a for_each: from 0 to 1. */
  progress?: number
}

export interface Shown {
  states?: Record<string, TaskState>
  /** The transitions that a run took, as `${from}:${index}`. Without it all look alike. */
  taken?: ReadonlySet<string>
  selected?: string | null
  /** Whether tasks can be connected by dragging. */
  connectable?: boolean
}

export type BoxNode = Node<{ box: Box; state?: TaskState; connectable: boolean }, 'task' | 'trigger' | 'start' | 'word'>
export type WayEdge = Edge<
  {
    way: Way
    points: { x: number; y: number }[]
    label?: { x: number; y: number }
    taken?: boolean
    chosen: boolean
    onPick?: (from: string, index: number) => void
  },
  'way'
>

/** The boxes as they are drawn. */
export function nodesOf({ shape, placed }: Layout, shown: Shown): BoxNode[] {
  return shape.boxes.map(box => {
    const isTask = box.kind === 'task'
    const state = isTask ? shown.states?.[box.task.name] : undefined
    return {
      id: box.id,
      type: box.kind,
      position: placed.boxes.get(box.id) ?? { x: 0, y: 0 },
      width: box.width,
      height: box.height,
      data: { box, state, connectable: shown.connectable === true && isTask },
      selected: isTask && box.task.name === shown.selected,
      selectable: isTask,
      focusable: isTask,
      draggable: false,
      deletable: false,
      ariaRole: isTask ? 'button' : 'img',
      // A task is called by what stands on it.
      ariaLabel: isTask ? undefined : nameOf(box),
      domAttributes: isTask ? ({ 'aria-pressed': box.task.name === shown.selected } as never) : undefined,
    }
  })
}

/** What a box that is no task is called by screen readers. */
function nameOf(box: Box): string {
  switch (box.kind) {
    case 'trigger':
      return `Trigger ${box.trigger.name}, ${box.trigger.type ?? 'of no type'}${box.trigger.enabled ? '' : ', off'}`
    case 'word':
      return { end: 'The branch ends', noop: 'The failure is handled', fail: 'The run fails' }[box.word]
    default:
      return 'Start'
  }
}

/** The ways as they are drawn. */
export function edgesOf(
  { shape, placed }: Layout,
  shown: Shown,
  onPick?: (from: string, index: number) => void,
): WayEdge[] {
  const chosen = shown.selected ? taskId(shown.selected) : ''
  return shape.ways.flatMap(way => {
    const at = placed.ways.get(way.id)
    if (!at) return []
    const { transition } = way
    return {
      id: way.id,
      type: 'way' as const,
      source: way.source,
      target: way.target,
      focusable: false,
      selectable: transition !== undefined && onPick !== undefined,
      deletable: false,
      data: {
        way,
        points: at.points,
        label: at.label,
        chosen: chosen !== '' && (way.source === chosen || way.target === chosen),
        taken: shown.taken && transition ? shown.taken.has(`${transition.from}:${transition.index}`) : undefined,
        onPick,
      },
    }
  })
}
