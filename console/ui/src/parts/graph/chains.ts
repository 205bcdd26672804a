import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api'

/** Between the boxes of a chain, as between rows. */
const gap = 40

/** Boxes of the same width that lead one to the next and nowhere else, with the ways between them. */
interface Chain {
  boxes: ElkNode[]
  ways: ElkExtendedEdge[]
}

/**
 * A graph of which each chain is one high box, so that there is much less to lay out, and how the boxes are told apart
 * again in what was laid out. Chains that lead back to their own beginning stay as they are: ways back begin and end elsewhere.
 */
export function shortened(graph: ElkNode): { graph: ElkNode; expand: (done: ElkNode) => ElkNode } {
  const chains = chainsOf(graph)
  const within = new Map([...chains].flatMap(([head, { boxes }]) => boxes.map(b => [b.id, head] as const)))
  const inner = new Set([...chains.values()].flatMap(c => c.ways.map(w => w.id)))
  const standsFor = (id: string) => within.get(id) ?? id
  const short: ElkNode = {
    ...graph,
    children: (graph.children ?? []).flatMap(box => {
      const chain = chains.get(box.id)
      if (chain) return [{ ...box, height: heightOf(chain) }]
      return within.has(box.id) ? [] : [box]
    }),
    edges: (graph.edges ?? [])
      .filter(e => !inner.has(e.id))
      .map(e => ({ ...e, sources: e.sources.map(standsFor), targets: e.targets.map(standsFor) })),
  }
  return { graph: short, expand: done => expanded(done, chains) }
}

function chainsOf(graph: ElkNode): Map<string, Chain> {
  const boxes = new Map((graph.children ?? []).map(b => [b.id, b]))
  const edges = graph.edges ?? []
  const leaving = counted(edges, sourceOf)
  const coming = counted(edges, targetOf)
  const onwards = new Map<string, ElkExtendedEdge[]>()
  for (const way of edges) onwards.set(sourceOf(way), [...(onwards.get(sourceOf(way)) ?? []), way])
  const next = new Map<string, ElkExtendedEdge>()
  const led = new Set<string>()
  for (const way of edges) {
    const [from, to] = [sourceOf(way), targetOf(way)]
    const alike = boxes.get(from)?.width === boxes.get(to)?.width
    if (from === to || !alike || leaving.get(from) !== 1 || coming.get(to) !== 1) continue
    next.set(from, way)
    led.add(to)
  }
  const chains = new Map<string, Chain>()
  for (const head of boxes.values()) {
    if (led.has(head.id) || !next.has(head.id)) continue
    const chain = chainFrom(head, next, boxes)
    const tail = chain.boxes.at(-1)?.id
    if (tail && !leads(tail, head.id, onwards)) chains.set(head.id, chain)
  }
  return chains
}

/** Whether one box leads to another, over however many. */
function leads(from: string, to: string, onwards: Map<string, ElkExtendedEdge[]>): boolean {
  const seen = new Set<string>()
  const open = [from]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const target of (onwards.get(at) ?? []).map(targetOf)) {
      if (target === to) return true
      if (!seen.has(target)) open.push(target)
      seen.add(target)
    }
  }
  return false
}

function chainFrom(head: ElkNode, next: Map<string, ElkExtendedEdge>, boxes: Map<string, ElkNode>): Chain {
  const chain: Chain = { boxes: [head], ways: [] }
  for (let way = next.get(head.id); way; way = next.get(targetOf(way))) {
    const box = boxes.get(targetOf(way))
    if (!box) break
    chain.boxes.push(box)
    chain.ways.push(way)
  }
  return chain
}

function expanded(done: ElkNode, chains: Map<string, Chain>): ElkNode {
  const children: ElkNode[] = []
  const edges = [...(done.edges ?? [])]
  for (const placed of done.children ?? []) {
    const chain = chains.get(placed.id)
    if (!chain) {
      children.push(placed)
      continue
    }
    const { x = 0, y = 0 } = placed
    let top = y
    chain.boxes.forEach((box, i) => {
      children.push({ ...box, x, y: top })
      const bottom = top + (box.height ?? 0)
      top = bottom + gap
      const way = chain.ways[i]
      const middle = x + (box.width ?? 0) / 2
      const line = { startPoint: { x: middle, y: bottom }, endPoint: { x: middle, y: top } }
      if (way) edges.push({ ...way, sections: [{ id: `${way.id}#line`, ...line }] })
    })
  }
  return { ...done, children, edges }
}

const sourceOf = (way: ElkExtendedEdge) => way.sources[0] ?? ''
const targetOf = (way: ElkExtendedEdge) => way.targets[0] ?? ''

const heightOf = ({ boxes }: Chain) => boxes.reduce((sum, b) => sum + (b.height ?? 0), gap * (boxes.length - 1))

function counted(ways: ElkExtendedEdge[], of: (way: ElkExtendedEdge) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const way of ways) counts.set(of(way), (counts.get(of(way)) ?? 0) + 1)
  return counts
}
