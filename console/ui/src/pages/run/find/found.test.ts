import { describe, expect, test } from 'vitest'
import { counted, goal, type Match, whose } from './found'

const match = (m: Partial<Match>): Match => ({ in: 'result', path: '', text: '', ...m }) as Match

describe('a place at which a text stands', () => {
  test.each([
    [match({}), 'the run'],
    [match({ task: 'look', instance: 1 }), 'look'],
    [match({ task: 'look', instance: 3 }), 'look, execution 3'],
    [match({ task: 'each', instance: 1, item: 0 }), 'each, item 0'],
  ])('%# is told whose it is', (m, said) => expect(whose(m)).toBe(said))

  test.each([
    [match({ in: 'inputs' }), { tab: 'data' }],
    [match({ in: 'outputs' }), { tab: 'data' }],
    [match({ in: 'error' }), { tab: 'overview' }],
    [
      match({ in: 'error', task: 'a', instance: 1 }),
      { tab: 'overview', task: 'a', instance: '1', item: '', part: 'result' },
    ],
    [
      match({ in: 'request', task: 'a', instance: 2, item: 7 }),
      { tab: 'overview', task: 'a', instance: '2', item: '7', part: 'requests' },
    ],
  ])('%# is gone to', (m, place) => expect(goal(m)).toEqual(place))
})

test.each([
  [0, false, 'It stands nowhere in this run.'],
  [1, false, 'One place.'],
  [12, false, '12 places.'],
  [200, true, 'These are the first 200 places; a longer text finds fewer.'],
])('%i places are counted', (n, more, said) =>
  expect(counted({ matches: Array.from({ length: n }, () => match({})), more })).toBe(said),
)
