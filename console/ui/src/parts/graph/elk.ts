import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api'
import type { Shape } from './shape'

/** From so many boxes on, the drawing is made faster, and a little less well. */
export const many = 120

const base: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=12,left=12,bottom=12,right=12]',
  'elk.spacing.nodeNode': '36',
  'elk.spacing.edgeNode': '22',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.componentComponent': '48',
  'elk.layered.spacing.nodeNodeBetweenLayers': '40',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.feedbackEdges': 'true',
  // What stands first in the file stands left, as far as that costs no crossings: typing does not shuffle the drawing.
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
}

const fast: LayoutOptions = {
  'elk.layered.thoroughness': '1',
  'elk.layered.considerModelOrder.strategy': 'NONE',
  'elk.layered.layering.strategy': 'LONGEST_PATH_SOURCE',
  'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  'elk.layered.nodePlacement.strategy': 'SIMPLE',
  'elk.edgeRouting': 'POLYLINE',
}

/** How wide a label is drawn, in pixels. */
export function labelWidth(label: string): number {
  return Math.ceil([...label].length * 6.3) + 14
}

export const labelHeight = 20

/** The shape as the layout takes it. */
export function elkOf(shape: Shape): ElkNode {
  const large = shape.boxes.length > many
  return {
    id: 'root',
    layoutOptions: large ? { ...base, ...fast } : base,
    children: shape.boxes.map(({ id, width, height, kind }) => ({
      id,
      width,
      height,
      ...(kind === 'trigger' ? { layoutOptions: { 'elk.layered.layering.layerConstraint': 'FIRST' } } : {}),
    })),
    edges: shape.ways.map(
      (way): ElkExtendedEdge => ({
        id: way.id,
        sources: [way.source],
        targets: [way.target],
        // Where there are many boxes the labels stand at the beginnings of their ways instead of in places of their own.
        labels:
          way.label && !large
            ? [
                {
                  id: `${way.id}#label`,
                  text: way.label,
                  width: labelWidth(way.label),
                  height: labelHeight,
                  layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
                },
              ]
            : [],
      }),
    ),
  }
}
