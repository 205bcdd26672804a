import type { Schemas } from '~/api/client'

export type Ask = Schemas['Ask']

export interface Group {
  organisation: string
  asks: Ask[]
}

/** So many questions stand in one list; more of several organisations are grouped. */
export const atOnce = 8

/** Questions by organisation, the one that waits longest first; one group where they are few. */
export function groupsOf(asks: Ask[]): Group[] {
  const organisations = [...new Set(asks.map(a => a.organisation))]
  if (asks.length <= atOnce || organisations.length < 2) return [{ organisation: '', asks }]
  return organisations.map(organisation => ({ organisation, asks: asks.filter(a => a.organisation === organisation) }))
}

/** What tells one question from all others. */
export const idOf = (a: Pick<Ask, 'run' | 'task' | 'item'>) => `${a.run}/${a.task}/${a.item ?? ''}`
