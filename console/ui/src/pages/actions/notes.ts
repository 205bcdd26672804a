import type { Schemas } from '~/api/client'

/** What one should know of an action before it is used, in sentences. */
export function notesOf(a: Schemas['ActionDetail']): string[] {
  const notes: string[] = []
  if (a.by_method) notes.push('Whether it reads or writes follows from its input method.')
  if (a.pages) notes.push('It reads page after page and gives all of them; limit bounds it.')
  if (a.effect !== 'read') notes.push(repeats(a))
  if (a.verifies)
    notes.push(
      `When its answer is lost, Gantry looks in the other system whether it was done${a.verify_when ? `, where ${a.verify_when}` : ''}.`,
    )
  if (a.one_time_fields) notes.push('Some of its fields add or send something each time.')
  for (const group of a.one_of ?? []) notes.push(`At least one of ${(group ?? []).join(', ')} is needed.`)
  if (a.scopes?.length) notes.push(`The other system wants the permission ${a.scopes.join(', ')} for it.`)
  return notes
}

function repeats(a: Schemas['ActionDetail']): string {
  if (a.safe_to_repeat) return 'Doing it twice does no harm, so it is tried again when its answer is lost.'
  if (a.safe_when) return `Doing it twice does no harm where ${a.safe_when}; otherwise it is never repeated blindly.`
  return 'Doing it twice may do harm: when its answer is lost, it is not repeated blindly.'
}
