import { describe, expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { below, type Choice, type Entity, type MappingRow, rowsOf } from './mapping'
import { acceptAll, type Choices, choose, toSave } from './mappingChoices'
import { fits, likeness, searched } from './mappingFilter'

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
/** What somebody chose, looking at the mappings above. */
const chosen = (...entities: [string, Entity | null][]): Choices =>
  new Map(
    entities.map(([slug, entity]): [string, Choice] => [
      slug,
      { entity, was: mappings.find(m => m.organisation === slug)?.external_id },
    ]),
  )
const rows = (choices: Choices = new Map(), suggestions?: Schemas['ConnectRow'][]) =>
  rowsOf({ organisations, mappings, suggestions, choices })
const row = (all: MappingRow[], slug: string) => all.find(r => r.slug === slug)

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
    const all = rows(
      chosen(
        ['msp', null],
        ['contoso', { id: '13', name: 'Other' }],
        ['labs', { id: '14', name: 'Labs' }],
        ['fabrikam', null],
      ),
    )
    expect(all.map(r => r.changed)).toEqual(['removed', 'changed', 'added', null])
    expect(row(rows(chosen(['contoso', { id: '12', name: 'Contoso Ltd' }])), 'contoso')?.changed).toBeNull()
  })

  test('tell of an entity that two would have', () => {
    expect(row(rows(chosen(['labs', { id: '12', name: 'Contoso Ltd' }])), 'labs')?.conflict).toEqual(['Contoso'])
    const passed = rows(chosen(['labs', { id: '12', name: 'Contoso Ltd' }], ['contoso', null]))
    expect(row(passed, 'labs')?.conflict).toEqual([])
  })

  test('tell what somebody else has saved since the choice was made', () => {
    const before = choose(new Map(), row(rows(), 'contoso') as MappingRow, { id: '13', name: 'Other' })
    const mapped = (id: string) =>
      rowsOf({
        organisations,
        mappings: [{ organisation: 'contoso', integration: 'halo', external_id: id, external_name: 'It' }],
        choices: before,
      })
    expect(row(mapped('12'), 'contoso')).toMatchObject({ changed: 'changed', meanwhile: false })
    expect(row(mapped('99'), 'contoso')).toMatchObject({ changed: 'changed', meanwhile: true })
    expect(row(mapped('13'), 'contoso')).toMatchObject({ changed: null, meanwhile: false })
  })

  test('tell of an entity that is not there any more, and of a mapping under another instance', () => {
    const read = rowsOf({ organisations, mappings, choices: new Map(), entities: [{ id: '12', name: 'Contoso Ltd' }] })
    expect(read.map(r => r.current?.gone)).toEqual([true, false, undefined, undefined])
    const other = rowsOf({ organisations, mappings, choices: new Map(), entities: [], elsewhere: () => 'Other Halo' })
    expect(row(other, 'contoso')?.current).toMatchObject({ under: 'Other Halo', gone: false })
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
    const all = rows(new Map(), [matched, unsure])
    expect(toSave(all, new Map())).toEqual([])
    const accepted = acceptAll(all, new Map())
    expect([...accepted.keys()]).toEqual(['fabrikam'])
    expect(toSave(rows(accepted, [matched, unsure]), accepted)).toEqual([
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
    const choices = chosen(['labs', { id: '20', name: 'Fabrikam Inc' }])
    expect([...acceptAll(rows(choices, [matched]), choices).keys()]).toEqual(['labs'])
  })

  test('are filtered', () => {
    const all = rows(new Map(), [matched, unsure])
    expect(all.filter(r => fits(r, 'confirm')).map(r => r.slug)).toEqual(['labs', 'fabrikam'])
    expect(all.filter(r => fits(r, 'unmatched')).length).toBe(2)
  })

  test('tell how alike names are', () => {
    expect(likeness('suffix', 0.98)).toBe('the same but for the legal form, 98 %')
    expect(likeness('', 0.91)).toBe('very alike, 91 %')
  })
})

test('what was seen is sent along, so that nothing that somebody else has saved meanwhile is lost', () => {
  const removed = chosen(['contoso', null])
  expect(toSave(rows(removed), removed)).toEqual([{ organisation: 'contoso', entity_id: '12', remove: true }])
  const changed = chosen(['contoso', { id: '13', name: 'Other' }], ['labs', { id: '14', name: 'Labs' }])
  expect(toSave(rows(changed), changed)).toEqual([
    { organisation: 'contoso', entity_id: '13', entity_name: 'Other', was: '12' },
    { organisation: 'labs', entity_id: '14', entity_name: 'Labs', new: true },
  ])
})

test('under an instance of their own only those below can be mapped', () => {
  expect(below(organisations, 'contoso').map(o => o.slug)).toEqual(['contoso', 'labs'])
  expect(below(organisations, 'msp').length).toBe(4)
})
