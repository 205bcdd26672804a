import { describe, expect, test } from 'vitest'
import { type Organisation, pathTo, slugOf, tagsOf, visible } from './tree'

const org = (slug: string, parent?: string, tags: string[] = []): Organisation => ({
  id: slug,
  slug,
  name: slug.toUpperCase(),
  tags,
  enabled: true,
  created_at: '2026-01-01T00:00:00Z',
  parent,
})
const all = [
  org('msp'),
  org('a', 'msp', ['gold']),
  org('a1', 'a', ['dental']),
  org('a2', 'a'),
  org('b', 'msp', ['gold']),
]
const slugs = (looking: Partial<Parameters<typeof visible>[1]>) =>
  visible(all, { search: '', tags: [], folded: new Set(), ...looking }).map(b => b.organisation.slug)

describe('the tree', () => {
  test('shows each below the one above it, with how many stand below', () => {
    const rows = visible(all, { search: '', tags: [], folded: new Set() })
    expect(rows.map(b => [b.organisation.slug, b.depth, b.below])).toEqual([
      ['msp', 0, 4],
      ['a', 1, 2],
      ['a1', 2, 0],
      ['a2', 2, 0],
      ['b', 1, 0],
    ])
  })

  test('folds', () => {
    expect(slugs({ folded: new Set(['a']) })).toEqual(['msp', 'a', 'b'])
    expect(slugs({ folded: new Set(['msp', 'a']) })).toEqual(['msp'])
  })

  test('keeps those above what is found, also where it is folded', () => {
    const rows = visible(all, { search: 'A1', tags: [], folded: new Set(['a']) })
    expect(rows.map(b => [b.organisation.slug, b.onlyAbove])).toEqual([
      ['msp', true],
      ['a', true],
      ['a1', false],
    ])
    expect(slugs({ tags: ['gold'] })).toEqual(['msp', 'a', 'b'])
    expect(slugs({ tags: ['gold'], search: 'b' })).toEqual(['msp', 'b'])
    expect(slugs({ search: 'nothing' })).toEqual([])
  })

  test('holds 2,000 without delay', () => {
    const many = [org('msp'), ...Array.from({ length: 2000 }, (_, i) => org(`c${i}`, 'msp'))]
    expect(visible(many, { search: 'c1999', tags: [], folded: new Set() }).length).toBe(2)
  })
})

test('tags and paths', () => {
  expect(tagsOf(all)).toEqual(['dental', 'gold'])
  expect(pathTo(all, 'a1').map(o => o.slug)).toEqual(['msp', 'a', 'a1'])
})

test.each([
  ['Müller & Söhne GmbH', 'mueller-soehne-gmbh'],
  ["O'Rourke & Sons (Builders) Ltd", 'orourke-sons-builders-ltd'],
  ['Café Zoë', 'cafe-zoe'],
  ['株式会社', ''],
])('%s is %s', (name, slug) => expect(slugOf(name)).toBe(slug))
