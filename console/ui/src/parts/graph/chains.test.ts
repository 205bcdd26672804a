import ELK from 'elkjs/lib/elk.bundled.js'
import type { ElkNode } from 'elkjs/lib/elk-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shortened } from './chains'

const graphOf = (boxes: number, ways: [number, number][]): ElkNode => ({
  id: 'root',
  layoutOptions: { 'elk.algorithm': 'layered', 'elk.direction': 'DOWN' },
  children: Array.from({ length: boxes }, (_, i) => ({ id: `${i}`, width: 236, height: 58 })),
  edges: ways.map(([from, to], i) => ({ id: `w${i}`, sources: [`${from}`], targets: [`${to}`] })),
})
const ids = (graph: ElkNode) => graph.children?.map(c => c.id)

describe('shortened', () => {
  test.each<[string, number, [number, number][], string[]]>([
    [
      'a chain is one box',
      4,
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
      ['0'],
    ],
    [
      'a fork and a join end it',
      6,
      [
        [0, 1],
        [1, 2],
        [1, 3],
        [2, 4],
        [3, 4],
        [4, 5],
      ],
      ['0', '2', '3', '4'],
    ],
    [
      'a circle stays',
      3,
      [
        [0, 1],
        [1, 2],
        [2, 0],
      ],
      ['0', '1', '2'],
    ],
    [
      'a chain that leads back stays',
      4,
      [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 1],
      ],
      ['0', '1', '2', '3'],
    ],
    [
      'a task that leads to itself stays',
      2,
      [
        [0, 0],
        [0, 1],
      ],
      ['0', '1'],
    ],
    [
      'two ways to the same task are no chain',
      2,
      [
        [0, 1],
        [0, 1],
      ],
      ['0', '1'],
    ],
    ['boxes of their own', 2, [], ['0', '1']],
  ])('%s', (_, boxes, ways, left) => {
    expect(ids(shortened(graphOf(boxes, ways)).graph)).toEqual(left)
  })

  test('boxes of another width stay', () => {
    const graph = graphOf(2, [[0, 1]])
    if (graph.children?.[1]) graph.children[1].width = 50
    expect(ids(shortened(graph).graph)).toEqual(['0', '1'])
  })

  test('every box and way is placed, no two boxes overlap, and ways touch what they connect', async () => {
    const elk = new ELK()
    const drawn = fc.integer({ min: 1, max: 14 }).chain(n =>
      fc.tuple(
        fc.constant(n),
        fc.array(fc.tuple(fc.integer({ min: 0, max: n - 1 }), fc.integer({ min: 0, max: n - 1 })), {
          maxLength: n + 2,
        }),
      ),
    )
    await fc.assert(
      fc.asyncProperty(drawn, async ([n, ways]) => {
        const whole = graphOf(n, ways)
        const { graph, expand } = shortened(whole)
        const done = expand(await elk.layout(graph))
        expect([...(ids(done) ?? [])].sort()).toEqual([...(ids(whole) ?? [])].sort())
        expect(done.edges?.map(e => e.id).sort()).toEqual(whole.edges?.map(e => e.id).sort())
        const at = new Map(done.children?.map(c => [c.id, { x: c.x ?? 0, y: c.y ?? 0 }]))
        const all = [...at.values()]
        const over = all.some((a, i) =>
          all.slice(i + 1).some(b => Math.abs(a.x - b.x) < 236 && Math.abs(a.y - b.y) < 58),
        )
        expect(over).toBe(false)
        for (const [i, [from, to]] of ways.entries()) {
          const sections = done.edges?.find(e => e.id === `w${i}`)?.sections ?? []
          expect(touches(at.get(`${from}`), sections[0]?.startPoint)).toBe(true)
          expect(touches(at.get(`${to}`), sections.at(-1)?.endPoint)).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })
})

function touches(box?: { x: number; y: number }, point?: { x: number; y: number }): boolean {
  if (!box || !point) return false
  const [x, y] = [point.x - box.x, point.y - box.y]
  return x >= -1 && x <= 237 && y >= -1 && y <= 59
}
