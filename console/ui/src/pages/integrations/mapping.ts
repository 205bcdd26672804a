// What the mapping page shows and would save. Pure.
import type { Schemas } from '~/api/client'

export interface Entity {
  id: string
  name: string
}

/** What somebody chose for an organisation: an entity, or none. */
export type Choice = (Entity & { rung?: string; confidence?: number }) | null

export interface Suggestion {
  /** Matched by name without doubt: it may be saved without being looked at. */
  automatic?: Entity & { rung: string; confidence: number }
  /** Entities that may be meant, the best first. */
  alternatives: (Entity & { confidence: number })[]
  why?: string
}

export interface MappingRow {
  slug: string
  name: string
  depth: number
  /** What it is mapped to as it is saved. */
  current?: Entity & { gone?: boolean; under?: string; sharedWith: string[]; by?: string }
  /** What it would be mapped to: the choice, else as it is saved. */
  entity?: Entity
  changed: 'added' | 'changed' | 'removed' | null
  suggestion?: Suggestion
  /** The names of other organisations that would be the same entity. */
  conflict: string[]
}

type Organisation = Pick<Schemas['Organisation'], 'slug' | 'name' | 'parent'>

/** What is known of how each organisation is mapped, by slug. */
export interface Known {
  organisations: Organisation[]
  mappings: Schemas['Mapping'][]
  suggestions?: Schemas['ConnectRow'][]
  choices: Map<string, Choice>
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

function suggestionOf(row: Schemas['ConnectRow'] | undefined): Suggestion | undefined {
  if (!row || row.status === 'mapped' || row.status === 'mapped_elsewhere') return undefined
  const alternatives = (row.alternatives ?? []).map(({ id, name, confidence }) => ({ id, name, confidence }))
  const automatic =
    row.status === 'matched' && row.suggestion
      ? { id: row.suggestion.id, name: row.suggestion.name, rung: row.rung ?? '', confidence: row.confidence }
      : undefined
  return automatic || alternatives.length > 0 ? { automatic, alternatives, why: row.why } : undefined
}

function changeOf(current: Entity | undefined, choice: Choice | undefined): MappingRow['changed'] {
  if (choice === undefined) return null
  if (choice === null) return current ? 'removed' : null
  if (!current) return 'added'
  return current.id === choice.id ? null : 'changed'
}

/** A row for each organisation, in the order of the tree. */
export function rowsOf({ organisations, mappings, suggestions, choices }: Known): MappingRow[] {
  const mapped = new Map(mappings.map(m => [m.organisation, m]))
  const suggested = new Map(suggestions?.map(s => [s.organisation, s]))
  const depths = new Map<string, number>()
  const rows = organisations.map(({ slug, name, parent }): MappingRow => {
    depths.set(slug, parent && depths.has(parent) ? (depths.get(parent) ?? 0) + 1 : 0)
    const m = mapped.get(slug)
    const row = suggested.get(slug)
    const current = m && {
      id: m.external_id,
      name: m.external_name,
      gone: row?.gone,
      under: row?.under,
      sharedWith: m.shared_with ?? [],
      by: m.mapped_by,
    }
    const choice = choices.get(slug)
    const changed = changeOf(current, choice)
    const entity = changed === null ? current : (choice ?? undefined)
    return {
      slug,
      name,
      depth: depths.get(slug) ?? 0,
      current,
      entity,
      changed,
      suggestion: suggestionOf(row),
      conflict: [],
    }
  })
  return withConflicts(rows)
}

/** Notes with rows that change whose entity others would have as well. What is shared already is meant so. */
function withConflicts(rows: MappingRow[]): MappingRow[] {
  const holders = takenBy(rows)
  return rows.map(row => {
    if (!row.entity || (row.changed !== 'added' && row.changed !== 'changed')) return row
    const others = (holders.get(row.entity.id) ?? []).filter(r => r.slug !== row.slug)
    return others.length > 0 ? { ...row, conflict: others.map(o => o.name) } : row
  })
}

/** The organisations that are, or would be, each entity. */
export function takenBy(rows: MappingRow[]): Map<string, MappingRow[]> {
  const holders = new Map<string, MappingRow[]>()
  for (const row of rows) {
    if (!row.entity || row.current?.under) continue
    const there = holders.get(row.entity.id)
    if (there) there.push(row)
    else holders.set(row.entity.id, [row])
  }
  return holders
}

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

/** The choices with all that is matched without doubt, and not mapped or chosen otherwise. */
export function acceptAll(rows: MappingRow[], choices: Map<string, Choice>): Map<string, Choice> {
  const next = new Map(choices)
  const taken = takenBy(rows)
  for (const { slug, entity, suggestion } of rows) {
    const match = suggestion?.automatic
    if (match && !entity && !next.has(slug) && !taken.has(match.id)) next.set(slug, match)
  }
  return next
}

/** What is sent to be saved. */
export function toSave(rows: MappingRow[], choices: Map<string, Choice>): Schemas['MappingChoice'][] {
  return rows
    .filter(row => row.changed !== null)
    .map(row => {
      const choice = choices.get(row.slug)
      if (!choice) return { organisation: row.slug, entity_id: row.current?.id, remove: true }
      return {
        organisation: row.slug,
        entity_id: choice.id,
        entity_name: choice.name,
        rung: choice.rung,
        confidence: choice.confidence,
        new: row.changed === 'added',
      }
    })
}
