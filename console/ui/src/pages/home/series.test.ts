import { expect, test } from 'vitest'
import { stacked } from './series'

test('bars stand on each other', () => {
  expect(
    stacked([
      [1, 0],
      [2, 3],
      [0, 1],
    ]),
  ).toEqual([
    [1, 0],
    [3, 3],
    [3, 4],
  ])
})
