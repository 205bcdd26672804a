import type { Schemas } from '~/api/client'

export type Action = Schemas['Action']

export interface Narrowed {
  search: string
  integration: string
  effect: string
  deprecated: boolean
}

/** What the list is made of: headings of integrations and of groups, and actions. */
export type Row =
  | { kind: 'integration'; id: string; count: number }
  | { kind: 'group'; id: string; title: string }
  | { kind: 'action'; id: string; action: Action }

export const core = 'core'

/** The integration that an action belongs to; Gantry's own are of `core`. */
export const integrationOf = (a: Action) => a.integration ?? core

/** A file's name as a heading: `ticket_types` is Ticket types. */
export function headed(group: string): string {
  const words = group.replaceAll(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The actions that are looked for. Those that should not be used any more are left out unless asked for. */
export function narrowed(all: Action[], by: Narrowed): Action[] {
  const words = by.search.toLowerCase().split(/\s+/).filter(Boolean)
  return all.filter(a => {
    if (by.integration && integrationOf(a) !== by.integration) return false
    if (by.effect && a.effect !== by.effect) return false
    if (a.deprecated && !by.deprecated) return false
    const text = `${a.id} ${a.title} ${a.description} ${a.group}`.toLowerCase()
    return words.every(w => text.includes(w))
  })
}

/** How well a search fits: an id or a title before a description. */
function rank(a: Action, search: string): number {
  const text = search.trim().toLowerCase()
  if (text === '') return 0
  if (a.id.toLowerCase().includes(text.replaceAll(' ', '_'))) return 0
  return a.title.toLowerCase().includes(text) ? 1 : 2
}

/** The rows of a list: by integration, Gantry's own first, then by group; the better fit first. */
export function rowsOf(actions: Action[], search: string): Row[] {
  const integrations = [...new Set(actions.map(integrationOf))].sort(
    (a, b) => Number(b === core) - Number(a === core) || a.localeCompare(b),
  )
  return integrations.flatMap(id => {
    const own = actions.filter(a => integrationOf(a) === id)
    return [{ kind: 'integration', id, count: own.length } as Row, ...grouped(id, own, search)]
  })
}

function grouped(integration: string, actions: Action[], search: string): Row[] {
  const asRow = (action: Action): Row => ({ kind: 'action', id: action.id, action })
  if (search.trim() !== '' || actions.length < 12)
    return [...actions].sort((a, b) => rank(a, search) - rank(b, search) || a.id.localeCompare(b.id)).map(asRow)
  const groups = [...new Set(actions.map(a => a.group))].sort()
  return groups.flatMap(group => [
    { kind: 'group', id: `${integration}/${group}`, title: headed(group) } as Row,
    ...actions.filter(a => a.group === group).map(asRow),
  ])
}
