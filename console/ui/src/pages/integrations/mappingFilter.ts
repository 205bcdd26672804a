// Which rows of the mapping page are looked at, and how it speaks of likeness. Pure.
import type { MappingRow } from './mapping'

export const filters = ['all', 'unmatched', 'confirm', 'changed'] as const
export type Filter = (typeof filters)[number]

export function fits(row: MappingRow, filter: Filter): boolean {
  switch (filter) {
    case 'unmatched':
      return !row.entity
    case 'confirm':
      return !row.entity && row.suggestion !== undefined
    case 'changed':
      return row.changed !== null
    default:
      return true
  }
}

/** Rows with all the words in the organisation's name or slug, or in the entity's name or id. */
export function searched(rows: MappingRow[], text: string): MappingRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return rows
  return rows.filter(row => {
    const all = `${row.name} ${row.slug} ${row.entity?.name ?? ''} ${row.entity?.id ?? ''}`.toLowerCase()
    return words.every(w => all.includes(w))
  })
}

const percent = (confidence: number) => `${Math.round(confidence * 100)} %`

/** How alike names are, in words: `the same but for the legal form, 98 %`. */
export function likeness(rung: string | undefined, confidence: number): string {
  const words: Record<string, string> = {
    exact: 'the same name',
    folded: 'the same but for case and punctuation',
    suffix: 'the same but for the legal form',
    squashed: 'the same but for spaces',
    near: 'the same but for slips of spelling',
  }
  const said = words[rung ?? ''] ?? (confidence >= 0.9 ? 'very alike' : confidence >= 0.8 ? 'alike' : 'somewhat alike')
  return `${said}, ${percent(confidence)}`
}
