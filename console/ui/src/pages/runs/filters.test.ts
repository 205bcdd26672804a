import { expect, test } from 'vitest'
import { askedOf, filtersOf, narrowed } from './filters'

const now = Date.parse('2026-11-22T12:00:00Z')
const asked = (address: string) => askedOf(filtersOf(new URLSearchParams(address)), now)

test('nothing in the address asks for everything', () => {
  expect(Object.values(asked('')).filter(v => v !== undefined)).toEqual([])
})

test('filters in the address are asked for', () => {
  expect(asked('workflow=a/b&organisation=acme&status=failed&type=webhook&search=+2045+&all=yes')).toMatchObject({
    ...{ workflow: 'a/b', organisation: 'acme', status: 'failed', trigger_type: 'webhook', search: '2045', all: true },
  })
})

test('a span is counted from now', () => {
  expect(asked('when=24h')).toMatchObject({ since: '2026-11-21T12:00:00.000Z', until: undefined })
})

test('times of your own count only where they are chosen, and only where they can be read', () => {
  const from = new Date('2026-11-20T08:30').toISOString()
  expect(asked('when=own&from=2026-11-20T08:30&to=x')).toMatchObject({ since: from, until: undefined })
  expect(asked('from=2026-11-20T08:30')).toMatchObject({ since: undefined })
})

test('the runs of sub-workflows widen the list, all else narrows it', () => {
  expect(narrowed(filtersOf(new URLSearchParams('all=yes')))).toBe(false)
  expect(narrowed(filtersOf(new URLSearchParams('status=failed')))).toBe(true)
})
