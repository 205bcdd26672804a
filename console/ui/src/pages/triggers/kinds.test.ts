import { expect, test } from 'vitest'
import { forWhom, kindNames, kindOf, sampleData } from './kinds'

const name = (slug: string) => slug.toUpperCase()

test.each([
  [{}, 'nobody'],
  [{ this: true }, 'the MSP'],
  [{ this: true, all_managed: true }, 'the MSP and all managed organisations'],
  [{ organisations: ['a', 'b'] }, 'A and B'],
  [{ organisations: ['a', 'b', 'c', 'd'] }, '4 organisations by name'],
  [{ this: true, tags: ['gold', 'silver'] }, 'the MSP and those tagged gold and silver'],
])('for whom: %j', (runFor, told) => expect(forWhom(runFor, name)).toBe(told))

test('each type has its words and a sample of its data', () => {
  for (const kind of kindNames) {
    expect(kindOf(kind).about).not.toBe('')
    expect(sampleData(kind, new Date('2026-11-22T12:00:00.500Z'))).toBeTypeOf('object')
  }
  expect(sampleData('schedule', new Date('2026-11-22T12:00:00.500Z'))).toEqual({ due: '2026-11-22T12:00:00Z' })
  expect(kindOf('other').label).toBe('other')
})
