import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import type { WayEdge } from './flow'
import { type Point, pathThrough } from './place'

// Where there is no place of its own for the label: on the first stretch that goes down.
function middle(points: Point[]): Point {
  const [a, b] = points
  if (!a || !b) return { x: 0, y: 0 }
  return { x: a.x, y: a.y + Math.min(24, (b.y - a.y) / 2) }
}

/** A way from a box to another, along the points of the layout, with its label. */
export const WayLine = memo(function WayLine({ id, data, markerEnd }: EdgeProps<WayEdge>) {
  if (!data) return null
  const { way, points, taken, chosen, onPick } = data
  const at = data.label ?? middle(points)
  const { transition } = way
  const pick = transition && onPick ? () => onPick(transition.from, transition.index) : undefined
  return (
    <>
      <BaseEdge
        id={id}
        path={pathThrough(points)}
        markerEnd={markerEnd}
        interactionWidth={pick ? 16 : 0}
        className="g-way"
        data-kind={way.kind}
        data-taken={taken}
        data-chosen={chosen || undefined}
      />
      {way.label && (
        <EdgeLabelRenderer>
          <div
            className="g-way-label nodrag nopan"
            data-kind={way.kind}
            data-taken={taken}
            data-chosen={chosen || undefined}
            data-pick={pick ? true : undefined}
            style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
            onPointerUp={pick}
            aria-hidden
          >
            {way.label}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})
