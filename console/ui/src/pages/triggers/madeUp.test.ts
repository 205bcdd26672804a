import { describe, expect, test } from 'vitest'
import { beginWith, dataOf } from './madeUp'
import type { Event, Shown } from './shown'

const now = new Date('2026-11-22T08:00:00.123Z')
const webhook = { type: 'webhook' } as Shown
const form = { type: 'form', form: { schema: {}, order: [] } } as unknown as Shown
const past = (data: object) => ({ id: 'e1', data }) as Event

describe('an event that is made up', () => {
  test('begins with what an empty one of its type has', () => {
    expect(dataOf(webhook, beginWith(webhook, undefined, now))).toEqual({
      body: {},
      headers: {},
      query: {},
      method: 'POST',
    })
    const schedule = { type: 'schedule' } as Shown
    expect(dataOf(schedule, beginWith(schedule, undefined, now))).toEqual({ due: '2026-11-22T08:00:00Z' })
  })

  test('or with one of the past, and knows which', () => {
    const begun = beginWith(webhook, past({ body: { id: 7 } }), now)
    expect(begun.from).toBe('e1')
    expect(dataOf(webhook, begun)).toEqual({ body: { id: 7 } })
  })

  test('cannot be sent as long as it is no object', () => {
    const begun = beginWith(webhook, undefined, now)
    for (const text of ['{"body": ', '[]', 'null', '7', '']) expect(dataOf(webhook, { ...begun, text })).toBeUndefined()
  })

  test('of a form is what was filled in', () => {
    const begun = beginWith(form, past({ form: { name: 'Dana' } }), now)
    expect(dataOf(form, { ...begun, text: 'of no use' })).toEqual({ form: { name: 'Dana' } })
    expect(dataOf(form, beginWith(form, undefined, now))).toEqual({ form: {} })
  })
})
