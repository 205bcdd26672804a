import { describe, expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { firesInWords } from './kinds'
import { causeInWords, timingOf } from './shown'

type Trigger = Schemas['TriggersListed']

describe('what a trigger fires at', () => {
  test.each<[Partial<Trigger>, string]>([
    [{ every: '15m' }, 'every 15m'],
    [{ cron: '0 8 * * *' }, 'at 08:00 (UTC)'],
    [{ every: '1m', details: { poll: 'halo.new_ticket' } }, 'halo.new_ticket, every 1m'],
    [{ every: '5m', details: { action: 'halo.list_agents' } }, 'halo.list_agents, every 5m'],
    [{ details: { workflow: 'a/b', statuses: ['failed', 'timed_out'] } }, 'after a/b has failed or timed out'],
    [{ details: { methods: ['POST'] } }, ''],
    [{}, ''],
  ])('%j: %s', (t, words) => expect(causeInWords(t as Trigger)).toBe(words))
})

test.each<[Partial<Trigger>, string]>([
  [{ enabled: true, organisations: 1 }, 'fires for 1 organisation now'],
  [{ enabled: true, organisations: 14 }, 'fires for 14 organisations now'],
  [{ enabled: false, organisations: 0, why: 'switched off by ana' }, 'does not fire: switched off by ana'],
])('%j: %s', (t, words) => expect(firesInWords(t as Trigger)).toBe(words))

test('the next time is one of a trigger, and several of an organisation', () => {
  expect(timingOf({ next: 'a' }).next).toEqual(['a'])
  expect(timingOf({ next: ['a', 'b'] }).next).toEqual(['a', 'b'])
  expect(timingOf(undefined).next).toEqual([])
})
