import type { ElkNode } from 'elkjs/lib/elk-api'

export interface Point {
  x: number
  y: number
}

/** Where everything of a shape is drawn. */
export interface Placed {
  /** The upper left corner of each box. */
  boxes: Map<string, Point>
  ways: Map<string, { points: Point[]; label?: Point }>
  width: number
  height: number
}

/** Reads where the layout put things. */
export function placedOf(root: ElkNode): Placed {
  const boxes = new Map((root.children ?? []).map(n => [n.id, { x: n.x ?? 0, y: n.y ?? 0 }]))
  const ways: Placed['ways'] = new Map()
  for (const edge of root.edges ?? []) {
    const points = (edge.sections ?? []).flatMap(s => [s.startPoint, ...(s.bendPoints ?? []), s.endPoint])
    const label = edge.labels?.[0]
    ways.set(edge.id, {
      points,
      label:
        label && label.x !== undefined && label.y !== undefined
          ? { x: label.x + (label.width ?? 0) / 2, y: label.y + (label.height ?? 0) / 2 }
          : undefined,
    })
  }
  return { boxes, ways, width: root.width ?? 0, height: root.height ?? 0 }
}

/** An SVG path through the points with rounded corners. */
export function pathThrough(points: Point[], radius = 8): string {
  const [first, ...rest] = points
  if (!first) return ''
  const parts = [`M${at(first)}`]
  rest.forEach((corner, i) => {
    const before = points[i] ?? first
    const after = rest[i + 1]
    if (!after) {
      parts.push(`L${at(corner)}`)
      return
    }
    const r = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2)
    parts.push(`L${at(towards(corner, before, r))}`, `Q${at(corner)} ${at(towards(corner, after, r))}`)
  })
  return parts.join('')
}

const round = (n: number) => Math.round(n * 100) / 100
const at = (p: Point) => `${round(p.x)} ${round(p.y)}`

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to)
  if (whole === 0) return from
  return { x: from.x + ((to.x - from.x) * length) / whole, y: from.y + ((to.y - from.y) * length) / whole }
}
