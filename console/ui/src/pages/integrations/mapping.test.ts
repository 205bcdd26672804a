import { describe, expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { acceptAll, type Choice, fits, likeness, rowsOf, searched, toSave } from './mapping'

const organisations = [
  { slug: 'msp', name: 'MSP' },
  { slug: 'contoso', name: 'Contoso', parent: 'msp' },
  { slug: 'labs', name: 'Contoso Labs', parent: 'contoso' },
  { slug: 'fabrikam', name: 'Fabrikam', parent: 'msp' },
]
const mappings: Schemas['Mapping'][] = [
  { organisation: 'msp', integration: 'halo', external_id: '1', external_name: 'The MSP' },
  { organisation: 'contoso', integration: 'halo', external_id: '12', external_name: 'Contoso Ltd' },
]
const suggested = (row: Partial<Schemas['ConnectRow']>): Schemas['ConnectRow'] => ({
  organisation_id: 'x',
  organisation: 'fabrikam',
  name: 'Fabrikam',
  status: 'matched',
  confidence: 0.98,
  ...row,
})
const rows = (choices: [string, Choice][] = [], suggestions?: Schemas['ConnectRow'][]) =>
  rowsOf({ organisations, mappings, suggestions, choices: new Map(choices) })
const row = (all: ReturnType<typeof rows>, slug: string) => all.find(r => r.slug === slug)

describe('rows', () => {
  test('stand in the tree, with what they are mapped to', () => {
    expect(rows().map(r => [r.slug, r.depth, r.entity?.id])).toEqual([
      ['msp', 0, '1'],
      ['contoso', 1, '12'],
      ['labs', 2, undefined],
      ['fabrikam', 1, undefined],
    ])
  })

  test('tell what would change', () => {
    const all = rows([
      ['msp', null],
      ['contoso', { id: '13', name: 'Other' }],
      ['labs', { id: '14', name: 'Labs' }],
      ['fabrikam', null],
    ])
    expect(all.map(r => r.changed)).toEqual(['removed', 'changed', 'added', null])
    expect(row(rows([['contoso', { id: '12', name: 'Contoso Ltd' }]]), 'contoso')?.changed).toBeNull()
  })

  test('tell of an entity that two would have', () => {
    expect(row(rows([['labs', { id: '12', name: 'Contoso Ltd' }]]), 'labs')?.conflict).toEqual(['Contoso'])
    const passed = rows([
      ['labs', { id: '12', name: 'Contoso Ltd' }],
      ['contoso', null],
    ])
    expect(row(passed, 'labs')?.conflict).toEqual([])
  })

  test('are found by words of either side', () => {
    expect(searched(rows(), 'ltd cont').map(r => r.slug)).toEqual(['contoso'])
    expect(searched(rows(), '').length).toBe(4)
  })
})

describe('suggestions', () => {
  const matched = suggested({ suggestion: { id: '20', name: 'Fabrikam Inc' }, rung: 'suffix' })
  const unsure = suggested({
    organisation: 'labs',
    status: 'suggested',
    alternatives: [{ id: '30', name: 'Contoso Lab', rung: '', confidence: 0.9 }],
  })

  test('are never what would be saved, until they are accepted', () => {
    const all = rows([], [matched, unsure])
    expect(toSave(all, new Map())).toEqual([])
    const accepted = acceptAll(all, new Map())
    expect([...accepted.keys()]).toEqual(['fabrikam'])
    expect(toSave(rows([...accepted], [matched, unsure]), accepted)).toEqual([
      {
        organisation: 'fabrikam',
        entity_id: '20',
        entity_name: 'Fabrikam Inc',
        rung: 'suffix',
        confidence: 0.98,
        new: true,
      },
    ])
  })

  test('do not take what somebody has chosen for another', () => {
    const choices: [string, Choice][] = [['labs', { id: '20', name: 'Fabrikam Inc' }]]
    expect([...acceptAll(rows(choices, [matched]), new Map(choices)).keys()]).toEqual(['labs'])
  })

  test('are filtered', () => {
    const all = rows([], [matched, unsure])
    expect(all.filter(r => fits(r, 'confirm')).map(r => r.slug)).toEqual(['labs', 'fabrikam'])
    expect(all.filter(r => fits(r, 'unmatched')).length).toBe(2)
  })

  test('tell how alike names are', () => {
    expect(likeness('suffix', 0.98)).toBe('the same but for the legal form, 98 %')
    expect(likeness('', 0.91)).toBe('very alike, 91 %')
  })
})

test('removing names the entity that was seen', () => {
  const choices = new Map<string, Choice>([['contoso', null]])
  expect(toSave(rows([...choices]), choices)).toEqual([{ organisation: 'contoso', entity_id: '12', remove: true }])
})
