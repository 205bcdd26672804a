import { expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { fits } from './filter'

const trigger: Schemas['TriggersListed'] = {
  ...{ workflow: 'intake/order', trigger: 'open door', type: 'webhook', title: 'Take orders', file: 'f.yaml', line: 3 },
  ...{ enabled: true, organisations: 1, run_for: { organisations: ['northwind'] }, when: "body.event == 'new'" },
  last: { id: '1', at: '', organisation: 'northwind', status: 'failed' },
}
const all = { type: '', workflow: '', state: '', search: '' }
const nameOf = (slug: string) => `${slug} Dental`

test.each([
  [{}, true],
  [{ type: 'webhook' }, true],
  [{ type: 'poll' }, false],
  [{ workflow: 'intake' }, false],
  [{ state: 'on' }, true],
  [{ state: 'off' }, false],
  [{ state: 'failed' }, true],
  [{ search: 'DOOR orders' }, true],
  [{ search: 'dental' }, true],
  [{ search: 'body.event' }, true],
  [{ search: 'door windows' }, false],
])('%j', (by, fitting) => expect(fits(trigger, { ...all, ...by }, nameOf)).toBe(fitting))
