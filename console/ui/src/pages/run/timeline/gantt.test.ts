import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Execution } from '../steps'
import { extentOf, idlesOf, lanesOf, scaleOf, type Timeline, ticksOf } from './gantt'

const t0 = Date.parse('2026-11-22T12:00:00Z')
const at = (ms: number) => new Date(t0 + ms).toISOString()
const of = (exec: number, task: string, item?: number) => ({ seq: exec, task, instance: 1, exec, item })

function timeline(attempts: Timeline['attempts'], waits: Timeline['waits'] = []): Timeline {
  return { attempts, waits, published: [], taken: [], more: false }
}

const retried = timeline(
  [
    { ...of(0, 'get'), attempt: 1, status: 'failed', started_at: at(0), finished_at: at(10) },
    { ...of(0, 'get'), attempt: 2, status: 'succeeded', started_at: at(30), finished_at: at(40) },
  ],
  [{ ...of(0, 'get'), kind: 'retry', from: at(10), until: at(30), over: true }],
)

const each = timeline(
  [0, 1, 2].map(i => ({
    ...of(1, 'each', i),
    attempt: 1,
    status: i === 1 ? ('failed' as const) : ('succeeded' as const),
    started_at: at(i * 10),
    finished_at: at(i * 10 + 10),
  })),
)

const none = new Set<number>()

describe('a timeline that does not tell everything', () => {
  const execution = (exec: number, name: string, more: Partial<Execution> = {}): Execution => ({
    ...{ exec, name, instance: 1, status: 'succeeded', attempts: 1, startedAt: at(0), finishedAt: at(90) },
    ...more,
  })
  const executions = [
    execution(1, 'each', { items: { all: 9000, ended: 9000, failed: 7 } }),
    execution(2, 'note', { startedAt: at(60) }),
    execution(3, 'never', { startedAt: null, finishedAt: null }),
  ]
  const shown = (t: Timeline) =>
    lanesOf(t, t0 + 99, none, executions).map(l => [
      ...[l.task, l.items, l.failed],
      ...l.bars.map(b => [b.kind, b.from - t0, b.until - t0]),
    ])

  test('has the rest of the executions as the run knows them', () =>
    expect(shown({ ...each, more: true })).toEqual([
      ['each', 9000, 7, ['failed', 0, 90]],
      ['note', undefined, undefined, ['succeeded', 60, 90]],
    ]))

  test('one that tells everything has its own alone', () =>
    expect(shown(each)).toEqual([['each', 3, 1, ['failed', 0, 30]]]))
})

describe('lanesOf', () => {
  test('attempts and the waits between them lie on one lane, as they came', () => {
    const [lane, ...more] = lanesOf(retried, t0 + 99, none)
    expect(more).toEqual([])
    expect(lane?.bars.map(b => [b.kind, b.from - t0, b.until - t0])).toEqual([
      ['failed', 0, 10],
      ['retry', 10, 30],
      ['succeeded', 30, 40],
    ])
  })

  test('a for_each is one bar with its count, until it is unfolded', () => {
    const folded = lanesOf(each, t0, none)
    expect(folded).toHaveLength(1)
    expect(folded[0]).toMatchObject({ items: 3, failed: 1, bars: [{ from: t0, until: t0 + 30, kind: 'failed' }] })
    expect(lanesOf(each, t0, new Set([1])).map(l => l.key)).toEqual(['1', '1.0', '1.1', '1.2'])
  })

  test('what goes on ends with the present, and a question tells when it times out', () => {
    const open = timeline(
      [{ ...of(0, 'ask'), attempt: 1, status: 'waiting', started_at: at(0) }],
      [{ ...of(0, 'ask'), kind: 'answer', from: at(0), until: at(9000), over: false }],
    )
    const [lane] = lanesOf(open, t0 + 500, none)
    expect(lane?.bars.map(b => b.until - t0)).toEqual([500, 500])
    expect(lane?.bars[1]).toMatchObject({ open: true, ends: t0 + 9000 })
  })

  test('two thousand bars are laid out at once', () => {
    const many = timeline(
      Array.from({ length: 2000 }, (_, i) => ({
        ...of(Math.floor(i / 1000), 'each', i % 1000),
        attempt: 1,
        status: 'succeeded' as const,
        started_at: at(i),
        finished_at: at(i + 5),
      })),
    )
    const began = performance.now()
    expect(lanesOf(many, t0, new Set([0, 1]))).toHaveLength(2002)
    expect(performance.now() - began).toBeLessThan(500)
  })
})

describe('the axis', () => {
  const day = 86_400_000
  const asked = timeline(
    [
      { ...of(0, 'get'), attempt: 1, status: 'succeeded', started_at: at(0), finished_at: at(1000) },
      { ...of(1, 'ask'), attempt: 1, status: 'succeeded', started_at: at(1000), finished_at: at(day) },
      { ...of(2, 'write'), attempt: 1, status: 'succeeded', started_at: at(day), finished_at: at(day + 1000) },
    ],
    [{ ...of(1, 'ask'), kind: 'answer', from: at(1001), until: at(day), over: true }],
  )
  const lanes = lanesOf(asked, t0 + day + 1000, none)
  const extent = extentOf(lanes, t0, t0)

  test('a day of waiting is found, and drawn short', () => {
    const idles = idlesOf(lanes, extent)
    expect(idles.map(i => [i.from - t0, i.until - t0])).toEqual([[1001, day]])
    const scale = scaleOf(extent, idles)
    expect(scale.x(t0 + 1001)).toBeCloseTo(0.47, 1)
    expect(scale.x(t0 + day) - scale.x(t0 + 1001)).toBeCloseTo(0.06, 5)
    for (const tick of ticksOf(extent, idles, 8)) expect(tick <= t0 + 1001 || tick >= t0 + day).toBe(true)
  })

  test('later is never further left, and everything lies within', () => {
    const scale = scaleOf(extent, idlesOf(lanes, extent))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: day + 1000 }), fc.integer({ min: 0, max: day + 1000 }), (a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)]
        expect(scale.x(t0 + early)).toBeLessThanOrEqual(scale.x(t0 + late))
        expect(scale.x(t0 + late)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('ticks are round, and not more than there is room for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 * day }), length => {
        const ticks = ticksOf([t0, t0 + length], [], 8)
        expect(ticks[0]).toBe(t0)
        expect(ticks.length).toBeLessThanOrEqual(9)
      }),
    )
  })
})
