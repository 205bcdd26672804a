import { describe, expect, test } from 'vitest'
import type { Outline } from '~/parts/graph'
import { handled, type Lost, lostWrites, nameOf } from './lost'
import type { Execution } from './steps'
import type { Timeline } from './timeline/gantt'

const note: Execution = {
  ...{ exec: 1, name: 'note', instance: 1, status: 'unknown', attempts: 1, finishedAt: '2026-11-22T12:00:00.5Z' },
}
const each: Execution = { ...note, exec: 2, name: 'each', status: 'failed', items: { all: 3, ended: 3, failed: 2 } }
const attempt = (item: number, status: 'unknown' | 'failed') => ({
  ...{ seq: item, task: 'each', instance: 1, exec: 2, item, attempt: 1, status },
  ...{ started_at: '2026-11-22T12:00:00Z', finished_at: '2026-11-22T12:00:01Z' },
})
const timeline = (taken: number[] = []): Timeline => ({
  attempts: [attempt(0, 'unknown'), attempt(1, 'failed')],
  ...{ waits: [], published: [], more: false },
  taken: taken.length > 0 ? [{ seq: 9, task: 'note', instance: 1, exec: 1, transitions: taken }] : [],
})
const way = (index: number, ...words: string[]) => ({
  ...{ from: 'note', index, kind: 'failure', line: 1, end_line: 1, publish: null },
  to: words.map(word => (word === word.toUpperCase() ? { task: word } : { word })),
})
const outline = { transitions: [way(0, 'noop'), way(1), way(2, 'CLEAN', 'fail')] } as unknown as Outline
const resolution = (at: string, more: object = {}) => ({
  ...{ at, by: 'Ada', task: 'note', instance: 1, done: true },
  ...more,
})
const named = (lost: Lost[]) => lost.map(l => `${nameOf(l)}${l.said ? (l.said.done ? ' done' : ' not done') : ''}`)

const said = (...resolutions: ReturnType<typeof resolution>[]) => ({ resolutions })

describe('a lost write', () => {
  test('is a task, or an item of a for_each, that ended unknown', () => {
    expect(named(lostWrites([note, each], {}, timeline(), outline))).toEqual(['note', 'each, item 0'])
  })

  test('is none where the workflow lets items fail', () => {
    expect(lostWrites([{ ...each, status: 'succeeded' }], {}, timeline(), outline)).toEqual([])
  })

  test('counts as somebody has said of it last', () => {
    const words = said(
      resolution('2026-11-22T12:00:02Z'),
      resolution('2026-11-22T12:00:03Z', { done: false }),
      resolution('2026-11-22T12:00:03Z', { task: 'each', item: 1 }),
    )
    const lost = lostWrites([note, each], words, timeline(), outline)
    expect(named(lost)).toEqual(['note not done', 'each, item 0', 'each, item 1 done'])
  })

  test('is not told by what was said before the run went on', () => {
    const resumptions = [{ at: '2026-11-22T12:00:00.5Z', by: 'Ada' }]
    const before = { ...said(resolution('2026-11-22T12:00:00.45Z')), resumptions }
    expect(named(lostWrites([note], before, timeline(), outline))).toEqual(['note'])
  })
})

test.each([
  ['nowhere', [], false],
  ['on', [0], true],
  ['to what publishes alone', [1], false],
  ['to fail', [2], false],
])('a failure that led %s is handled: %s %s', (_, taken, expected) => {
  expect(handled(note, timeline(taken as number[]), outline)).toBe(expected)
  expect(lostWrites([note], {}, timeline(taken as number[]), outline)).toHaveLength(expected ? 0 : 1)
})
