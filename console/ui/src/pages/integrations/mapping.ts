// What the mapping page shows. Pure.
import type { Schemas } from '~/api/client'

export interface Entity {
  id: string
  name: string
}

/** An entity that was suggested, with how alike the names are. */
export type Proposed = Entity & { rung?: string; confidence?: number }

/** What somebody chose for an organisation, and what it was mapped to when they did: another mapping by now is told. */
export interface Choice {
  /** null: none. */
  entity: Proposed | null
  was?: string
}

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
  /** It has been mapped otherwise since the choice was made. */
  meanwhile: boolean
  suggestion?: Suggestion
  /** The names of other organisations that would be the same entity. */
  conflict: string[]
}

type Organisation = Pick<Schemas['Organisation'], 'slug' | 'name' | 'parent'>

/** What is known of how each organisation is mapped, by slug. */
export interface Known {
  organisations: Organisation[]
  mappings: Schemas['Mapping'][]
  /** The name of the other instance under which a mapping was made, where it is another one. */
  elsewhere?: (mapping: Schemas['Mapping']) => string | undefined
  /** All that can be mapped to, once it was read. */
  entities?: Entity[]
  suggestions?: Schemas['ConnectRow'][]
  choices: Map<string, Choice>
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
  if (choice.entity === null) return current ? 'removed' : null
  if (!current) return 'added'
  return current.id === choice.entity.id ? null : 'changed'
}

/** A row for each organisation, in the order of the tree. */
export function rowsOf({ organisations, mappings, elsewhere, entities, suggestions, choices }: Known): MappingRow[] {
  const mapped = new Map(mappings.map(m => [m.organisation, m]))
  const suggested = new Map(suggestions?.map(s => [s.organisation, s]))
  const listed = entities && new Set(entities.map(e => e.id))
  const depths = new Map<string, number>()
  const rows = organisations.map(({ slug, name, parent }): MappingRow => {
    const above = parent === undefined ? undefined : depths.get(parent)
    const depth = above === undefined ? 0 : above + 1
    depths.set(slug, depth)
    const m = mapped.get(slug)
    const under = m && elsewhere?.(m)
    const current = m && {
      id: m.external_id,
      name: m.external_name,
      gone: !under && listed?.has(m.external_id) === false,
      under,
      sharedWith: m.shared_with ?? [],
      by: m.mapped_by,
    }
    const choice = choices.get(slug)
    const changed = changeOf(current, choice)
    const meanwhile = changed !== null && current?.id !== choice?.was
    const entity = changed === null ? current : (choice?.entity ?? undefined)
    const suggestion = suggestionOf(suggested.get(slug))
    return { slug, name, depth, current, entity, changed, meanwhile, suggestion, conflict: [] }
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

/** An organisation and all below it: those that can be mapped under an instance of its own. */
export function below<T extends Organisation>(all: T[], top: string): T[] {
  const within = new Set([top])
  return all.filter(o => {
    if (o.slug !== top && !(o.parent !== undefined && within.has(o.parent))) return false
    within.add(o.slug)
    return true
  })
}
