import { expect, test } from 'vitest'
import { type Action, headed, narrowed, rowsOf } from './catalogue'

const action = (id: string, more: Partial<Action> = {}): Action => ({
  ...{ id, title: id.split('.')[1] ?? '', description: '', effect: 'read', group: 'tickets' },
  integration: id.startsWith('core.') ? undefined : id.split('.')[0],
  ...more,
})
const all = [
  action('halo.get_ticket', { title: 'Get Ticket' }),
  action('halo.delete_ticket', { effect: 'delete' }),
  action('halo.old', { deprecated: 'use new' }),
  action('halo.list_agents', { description: 'Agents who work on a ticket', group: 'agents' }),
  action('core.ask', { group: 'core' }),
]
const by = { search: '', integration: '', effect: '', deprecated: false }
const ids = (more: Partial<typeof by>) => narrowed(all, { ...by, ...more }).map(a => a.id)

test('what is looked for', () => {
  expect(ids({})).toEqual(['halo.get_ticket', 'halo.delete_ticket', 'halo.list_agents', 'core.ask'])
  expect(ids({ deprecated: true })).toContain('halo.old')
  expect(ids({ integration: 'core' })).toEqual(['core.ask'])
  expect(ids({ effect: 'delete' })).toEqual(['halo.delete_ticket'])
  expect(ids({ search: 'TICKET get' })).toEqual(['halo.get_ticket'])
})

test('a name that fits comes before a description that does', () => {
  const rows = rowsOf(narrowed(all, { ...by, search: 'get ticket' }), 'get ticket')
  expect(rows.map(r => r.id)).toEqual(['halo', 'halo.get_ticket'])
  const tickets = rowsOf(narrowed(all, { ...by, search: 'ticket' }), 'ticket')
  expect(tickets.at(-1)?.id).toBe('halo.list_agents')
})

test('many actions stand below their groups, Gantry’s own first', () => {
  const many = Array.from({ length: 12 }, (_, n) => action(`halo.a${n}`, { group: n % 2 ? 'users' : 'ticket_types' }))
  const rows = rowsOf([...many, action('core.ask')], '')
  expect(rows.filter(r => r.kind === 'integration').map(r => r.id)).toEqual(['core', 'halo'])
  expect(rows.filter(r => r.kind === 'group').map(r => r.title)).toEqual(['Ticket types', 'Users'])
})

test('headings', () => expect(headed('kb_articles')).toBe('Kb articles'))
