import ELK from 'elkjs/lib/elk.bundled.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elkOf } from './elk'
import { labelOf } from './label'
import { pathThrough, placedOf } from './place'
import { marksOf, type Outline, type OutlineTask, type OutlineTransition, shapeOf, taskId } from './shape'

function task(name: string, more: Partial<OutlineTask> = {}): OutlineTask {
  return {
    name,
    action: 'core.noop',
    line: 1,
    column: 3,
    end_line: 2,
    join: 'each',
    inbound: 1,
    start: false,
    follow: 'all',
    mocked: false,
    ...more,
  }
}

function way(from: string, index: number, to: OutlineTransition['to'], more: Partial<OutlineTransition> = {}) {
  return { from, index, line: 1, end_line: 1, kind: 'success', publish: [], to, ...more } as OutlineTransition
}

function outline(tasks: OutlineTask[], transitions: OutlineTransition[], triggers: Outline['triggers'] = []): Outline {
  return { inputs: [], tasks, transitions, triggers }
}

const elk = new ELK()

async function drawn(o: Outline) {
  const shape = shapeOf(o)
  return { shape, placed: placedOf(await elk.layout(elkOf(shape))) }
}

const hook = (name: string) => ({ name, type: 'webhook', enabled: true, line: 1, end_line: 1 })

describe('shapeOf', () => {
  test('tasks stand in the order of the file, words and ends have boxes of their own', () => {
    const { boxes, ways } = shapeOf(
      outline(
        [task('a', { start: true }), task('b')],
        [way('a', 0, [{ task: 'b' }, { word: 'fail' }]), way('a', 1, [], { kind: 'always', publish: ['x'] })],
      ),
    )
    expect(boxes.map(b => b.id)).toEqual(['task:a', 'task:b', 'word:a:0:1', 'word:a:1:0'])
    expect(ways.map(w => `${w.source} ${w.label} ${w.target}`)).toEqual([
      'task:a success task:b',
      'task:a success word:a:0:1',
      'task:a always word:a:1:0',
    ])
  })

  test('what is first is numbered where only the first counts', () => {
    const ways = (follow: 'all' | 'first') =>
      shapeOf(
        outline([task('a', { follow }), task('b')], [way('a', 0, [{ task: 'b' }]), way('a', 1, [{ word: 'noop' }])]),
      ).ways.map(w => w.label)
    expect(ways('first')).toEqual(['1. success', '2. success'])
    expect(ways('all')).toEqual(['success', 'success'])
  })

  test('several triggers reach several starts through one point', () => {
    const starts = [task('a', { start: true }), task('b', { start: true })]
    expect(shapeOf(outline(starts, [], [hook('x')])).ways).toHaveLength(2)
    const both = shapeOf(outline(starts, [], [hook('x'), hook('y')]))
    expect(both.ways.map(w => w.id)).toEqual(['trigger:0>start', 'trigger:1>start', 'start>task:a', 'start>task:b'])
  })

  test('ways to tasks that are not there are left out', () => {
    expect(shapeOf(outline([task('a')], [way('a', 0, [{ task: 'gone' }]), way('gone', 0, [])])).ways).toEqual([])
  })
})

test('a task tells what is special about it', () => {
  const marks = (more: Partial<OutlineTask>) => marksOf(task('a', more)).map(m => m.text)
  expect(marks({})).toEqual([])
  expect(marks({ inbound: 3, join: 'all' })).toEqual(['join all'])
  expect(marks({ inbound: 3, join: '2', retry: 5, timeout: '30s' })).toEqual(['join 2 of 3', '5 attempts', '30s'])
  expect(marks({ start: true, for_each: 'asset', follow: 'first', mocked: true, org: 'x' })).toEqual([
    'start',
    'each asset',
    'first only',
    'other organisation',
    'mocked',
  ])
})

describe('labelOf', () => {
  test.each([
    [{ kind: 'success' }, 'success'],
    [{ kind: 'failure', when: 'failed' }, 'failure'],
    [{ kind: 'always' }, 'always'],
    [{ kind: 'condition', when: '${{ succeeded &&  result.ok }}' }, 'result.ok'],
    [{ kind: 'failure', when: "failed && error.code == 'x'" }, "failed && error.code == 'x'"],
    [{ kind: 'condition', when: 'x'.repeat(40) }, `${'x'.repeat(29)}…`],
    [{ kind: 'condition', when: 'a', label: 'the name is wrong' }, 'the name is wrong'],
  ] as const)('%j', (transition, label) => expect(labelOf(transition)).toBe(label))
})

describe('the layout', () => {
  test('goes down from the triggers, and loops back', async () => {
    const { placed } = await drawn(
      outline(
        [task('a', { start: true }), task('b'), task('c')],
        [
          way('a', 0, [{ task: 'b' }]),
          way('b', 0, [{ task: 'c' }]),
          way('c', 0, [{ task: 'a' }]),
          way('c', 1, [{ task: 'c' }]),
        ],
        [hook('x')],
      ),
    )
    const y = (id: string) => placed.boxes.get(id)?.y ?? Number.NaN
    expect(y('trigger:0')).toBeLessThan(y('task:a'))
    expect(y('task:a')).toBeLessThan(y('task:b'))
    expect(y('task:b')).toBeLessThan(y('task:c'))
    for (const { points } of placed.ways.values()) expect(points.length).toBeGreaterThan(1)
  })

  test('of any graph places every box, none over another, and every way', async () => {
    const graphs = fc.integer({ min: 1, max: 14 }).chain(n =>
      fc.record({
        n: fc.constant(n),
        ways: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n)), { maxLength: 24 }),
        triggers: fc.nat(2),
      }),
    )
    await fc.assert(
      fc.asyncProperty(graphs, async ({ n, ways, triggers }) => {
        const reached = new Set(ways.map(([, to]) => to))
        const tasks = Array.from({ length: n }, (_, i) => task(`t${i}`, { start: !reached.has(i) }))
        const next = ways.map(([from, to], i) =>
          way(`t${from}`, i, to === n ? [{ word: 'noop' }] : [{ task: `t${to}` }]),
        )
        const { shape, placed } = await drawn(
          outline(
            tasks,
            next,
            Array.from({ length: triggers }, () => hook('w')),
          ),
        )
        const rects = shape.boxes.map(b => ({
          ...(placed.boxes.get(b.id) ?? { x: Number.NaN, y: 0 }),
          w: b.width,
          h: b.height,
        }))
        rects.forEach((a, i) => {
          expect(a.x).toBeGreaterThanOrEqual(0)
          for (const b of rects.slice(i + 1)) {
            const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y
            expect(apart).toBe(true)
          }
        })
        for (const w of shape.ways) expect(placed.ways.get(w.id)?.points.length).toBeGreaterThan(1)
      }),
      { numRuns: 25 },
    )
  }, 120_000)

  test('500 tasks are placed', async () => {
    const { placed } = await drawn(largeOutline(500))
    expect(placed.boxes.size).toBeGreaterThanOrEqual(500)
  }, 120_000)
})

/** Branches that meet again, with failures that are told of: as large workflows are written. */
function largeOutline(size: number): Outline {
  const tasks = Array.from({ length: size }, (_, i) =>
    task(`task_${i}`, { start: i === 0, inbound: i % 5 === 4 ? 3 : 1 }),
  )
  const transitions = tasks.flatMap((t, i) => {
    const to = (j: number) => (j < size ? [{ task: `task_${j}` }] : [])
    const on = i % 5 === 0 ? [...to(i + 1), ...to(i + 2), ...to(i + 3)] : i % 5 === 4 ? to(i + 1) : to(i + 4 - (i % 5))
    return [way(t.name, 0, on), way(t.name, 1, [{ word: 'noop' }], { kind: 'failure', when: 'failed' })]
  })
  return outline(tasks, transitions)
}

test('a path is rounded at its corners', () => {
  const path = pathThrough([
    { x: 0, y: 0 },
    { x: 0, y: 20 },
    { x: 30, y: 20 },
  ])
  expect(path).toBe('M0 0L0 12Q0 20 8 20L30 20')
  expect(taskId('a')).toBe('task:a')
})
