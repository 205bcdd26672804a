import { expect, test } from 'vitest'
import { type Choice, fitting } from './choices'

const choice = (id: string, title: string, description = '', deprecated?: string): Choice => ({
  kind: 'action',
  id,
  title,
  description,
  deprecated,
})

const all = [
  choice('halo.list_tickets', 'List tickets', 'Open and closed ones'),
  choice('halo.close_ticket', 'Close a ticket'),
  choice('halo.close_old', 'Close a ticket', '', 'use halo.close_ticket'),
  choice('core.send_mail', 'Send a mail', 'To whoever closed it'),
]

test.each([
  ['', ['halo.list_tickets', 'halo.close_ticket', 'core.send_mail', 'halo.close_old']],
  ['close ticket', ['halo.close_ticket', 'halo.list_tickets', 'halo.close_old']],
  ['halo.close', ['halo.close_ticket', 'halo.close_old']],
  ['mail', ['core.send_mail']],
  ['nothing', []],
])('"%s" finds %j', (words, ids) => expect(fitting(all, words).map(c => c.id)).toEqual(ids))
