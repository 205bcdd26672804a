import {
  type Icon,
  IconBolt,
  IconCalendarClock,
  IconClockPlay,
  IconForms,
  IconPlayerPlay,
  IconRefreshDot,
  IconRouteAltRight,
  IconWebhook,
} from '@tabler/icons-react'
import type { Schemas } from '~/api/client'
import { and } from './rhythm'

export interface TriggerKind {
  label: string
  icon: Icon
  /** When it fires, in a sentence. */
  about: string
}

const kinds: Record<string, TriggerKind> = {
  always_pass: {
    label: 'by hand',
    icon: IconPlayerPlay,
    about: 'Somebody starts it: in the console, by a command or the API.',
  },
  schedule: { label: 'schedule', icon: IconCalendarClock, about: 'It fires at set times.' },
  interval: { label: 'interval', icon: IconClockPlay, about: 'It fires again and again, with the same time between.' },
  webhook: { label: 'webhook', icon: IconWebhook, about: 'Another system calls an address of its own.' },
  poll: { label: 'poll', icon: IconRefreshDot, about: 'Gantry asks another system again and again for what is new.' },
  completion: {
    label: 'completion',
    icon: IconRouteAltRight,
    about: 'It fires when a run of another workflow has ended.',
  },
  form: { label: 'form', icon: IconForms, about: 'Somebody fills in a form.' },
}

export const kindNames = Object.keys(kinds)

/** What a type of trigger is. */
export function kindOf(type: string): TriggerKind {
  return kinds[type] ?? { label: type, icon: IconBolt, about: '' }
}

type RunFor = Schemas['TriggersRunFor']

/** For whom a trigger fires, as its file says it. */
export function forWhom(to: RunFor, nameOf: (slug: string) => string): string {
  const told: string[] = []
  if (to.this) told.push('the MSP')
  if (to.all_managed) told.push('all managed organisations')
  const named = to.organisations ?? []
  if (named.length > 3) told.push(`${named.length} organisations by name`)
  else told.push(...named.map(nameOf))
  if (to.tags?.length) told.push(`those tagged ${and(to.tags)}`)
  return told.length > 0 ? and(told) : 'nobody'
}

/** Whether a trigger fires, and for how many. */
export function firesInWords(t: Pick<Schemas['TriggersListed'], 'enabled' | 'organisations' | 'why'>): string {
  if (!t.enabled) return `does not fire: ${t.why ?? 'switched off'}`
  return `fires for ${t.organisations} ${t.organisations === 1 ? 'organisation' : 'organisations'} now`
}

/** An event's data as it is without one that could be repeated: what the trigger's expressions would see. */
export function sampleData(type: string, now: Date): Record<string, unknown> {
  switch (type) {
    case 'webhook':
      return { body: {}, headers: {}, query: {}, method: 'POST' }
    case 'schedule':
    case 'interval':
      return { due: now.toISOString().replace(/\.\d+Z$/, 'Z') }
    case 'poll':
      return { entity: { id: 1 } }
    case 'completion':
      return { completed: { status: 'succeeded', outputs: {} } }
    case 'form':
      return { form: {} }
    default:
      return {}
  }
}
