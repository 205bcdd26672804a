// What is chosen on the mapping page, and what is sent to be saved. Pure.
import type { Schemas } from '~/api/client'
import { type Choice, type MappingRow, type Proposed, takenBy } from './mapping'

export type Choices = Map<string, Choice>

/** The choices with another one for a row; undefined: it stays as it is saved. */
export function choose(choices: Choices, row: MappingRow, entity: Proposed | null | undefined): Choices {
  const next = new Map(choices)
  if (entity === undefined) next.delete(row.slug)
  else next.set(row.slug, { entity, was: row.current?.id })
  return next
}

/** The choices with all that is matched without doubt, and not mapped or chosen otherwise. */
export function acceptAll(rows: MappingRow[], choices: Choices): Choices {
  const next = new Map(choices)
  const taken = takenBy(rows)
  for (const { slug, entity, suggestion } of rows) {
    const match = suggestion?.automatic
    if (match && !entity && !next.has(slug) && !taken.has(match.id)) next.set(slug, { entity: match })
  }
  return next
}

/** What is sent to be saved. */
export function toSave(rows: MappingRow[], choices: Choices): Schemas['MappingChoice'][] {
  return rows.flatMap((row): Schemas['MappingChoice'][] => {
    const choice = row.changed === null ? undefined : choices.get(row.slug)
    if (!choice) return []
    const { entity, was } = choice
    if (!entity) return [{ organisation: row.slug, entity_id: was, remove: true }]
    const { id, name, rung, confidence } = entity
    const since = was === undefined ? { new: true } : { was }
    return [{ organisation: row.slug, entity_id: id, entity_name: name, rung, confidence, ...since }]
  })
}
