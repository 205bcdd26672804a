import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJSON, wholeOf } from '~/api/json'
import { readData, writeData } from './data'
import { fieldMistakes, mistakesIn } from './mistakes'
import { fieldsAtOnce, fieldsOf, type JsonSchema, kindOf, shownFields } from './schema'
import { fromLocalTime, helpOf, isDuration, toItem, toLocalTime, toNumber, Unreadable, withValue } from './values'

describe('what a field is filled in with', () => {
  test.each<[JsonSchema, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: ['string', 'null'] }, 'text'],
    [{ type: 'string', maxLength: 1000 }, 'long'],
    [{ type: 'string', default: 'a\nb' }, 'long'],
    [{ type: 'string', 'x-format': 'html' }, 'long'],
    [{ type: 'string', 'x-format': 'date-time' }, 'date-time'],
    [{ type: 'string', format: 'date' }, 'date'],
    [{ type: 'string', 'x-format': 'duration' }, 'duration'],
    [{ type: 'string', writeOnly: true }, 'secret'],
    [{ type: 'string', enum: ['a', 'b'] }, 'choice'],
    [{ type: 'integer' }, 'integer'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'array', items: { type: 'integer' } }, 'scalars'],
    [{ type: 'array', items: { type: 'object', properties: { a: {} } } }, 'records'],
    [{ type: 'array', items: {} }, 'data'],
    [{ type: 'array' }, 'data'],
    [{ type: 'object', properties: { a: {} } }, 'object'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'pairs'],
    [{ type: 'object' }, 'data'],
    [{}, 'data'],
    [{ type: ['string', 'integer'] }, 'data'],
  ])('%j is %s', (schema, kind) => expect(kindOf(schema)).toBe(kind))

  test('fields stand in the order that is asked for, the others after them', () => {
    const schema = { properties: { a: {}, b: {}, c: {} }, required: ['c'] }
    expect(fieldsOf(schema, ['c', 'unknown', 'a']).map(f => [f.name, f.required])).toEqual([
      ['c', true],
      ['a', false],
      ['b', false],
    ])
  })

  test('of a long form what is needed, filled or picked is shown', () => {
    const names = Array.from({ length: fieldsAtOnce + 5 }, (_, i) => `f${i}`)
    const properties = Object.fromEntries(names.map(n => [n, { type: 'string' }]))
    const fields = fieldsOf({ properties, required: ['f9'] })
    expect(shownFields(fields, { f3: 'x' }, ['f12']).map(f => f.name)).toEqual(['f3', 'f9', 'f12'])
    expect(shownFields(fieldsOf({ properties }), {}, []).length).toBe(6)
  })
})

describe('values', () => {
  test.each([
    ['12', 12],
    [' 1,5 ', 1.5],
    ['', undefined],
    ['abc', 'abc'],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['9223372036854775808', '9223372036854775808'],
  ])('%j is the number %j', (typed, n) => expect(toNumber(typed)).toBe(n))

  test('whole numbers keep their digits, as far as the server has room', () => {
    fc.assert(
      fc.property(fc.bigInt(), n => {
        expect(String(toNumber(String(n)))).toBe(String(n))
        const known = n >= -(2n ** 63n) && n < 2n ** 63n
        expect(mistakesIn({ properties: { n: { type: 'integer' } } }, { n: toNumber(String(n)) })).toEqual(
          known ? {} : { n: 'is no whole number' },
        )
      }),
    )
  })

  test('entries of lists are of the list’s type, expressions stay', () => {
    expect(toItem('7', { type: 'integer' })).toBe(7)
    expect(toItem('7', { type: 'string' })).toBe('7')
    expect(toItem('${{ inputs.id }}', { type: 'integer' })).toBe('${{ inputs.id }}')
  })

  test('undefined takes a value away', () => {
    expect(withValue({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 })
    expect(withValue({ a: 1 }, 'b', null)).toEqual({ a: 1, b: null })
  })

  test.each([
    ['30s', true],
    ['1h30m', true],
    ['0', true],
    ['30', false],
    ['soon', false],
  ])('%s: a duration %s', (text, is) => expect(isDuration(text)).toBe(is))

  test('a time keeps its instant, and tells its offset', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1971-01-01'), max: new Date('2199-01-01'), noInvalidDate: true }), at => {
        const minute = new Date(Math.floor(at.getTime() / 60_000) * 60_000)
        const written = fromLocalTime(toLocalTime(minute.toISOString()))
        expect(new Date(written ?? '').getTime()).toBe(minute.getTime())
      }),
    )
    expect(toLocalTime('tomorrow')).toBe('')
    expect(fromLocalTime('')).toBeUndefined()
  })

  test('help says what counts when a field is left empty, and its bounds', () => {
    expect(helpOf({ description: 'How many.', default: 5, minimum: 1, maximum: 50 }, 'integer')).toBe(
      'How many. Left empty: 5. From 1 to 50.',
    )
  })
})

describe('data', () => {
  test('is read as YAML and as JSON', () => {
    expect(readData('a: 1\nb: [x]')).toEqual({ a: 1, b: ['x'] })
    expect(readData('{"a": 1}')).toEqual({ a: 1 })
    expect(readData('  ')).toBeUndefined()
  })

  test('what cannot be read is kept, with why', () => {
    const read = readData('a: [1,\nb')
    expect(read).toBeInstanceOf(Unreadable)
    expect(JSON.stringify({ read })).toBe('{"read":"a: [1,\\nb"}')
    expect(mistakesIn({ properties: { read: {} } }, { read })).toEqual({ read: (read as Unreadable).why })
  })

  test('what is written is read as the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.bigInt(), (v, n) => {
        const value = { v, n: wholeOf(n) }
        expect(noMinusZero(readData(writeData(value)))).toEqual(noMinusZero(value))
      }),
    )
  })
})

// YAML, as JSON, has no -0 worth keeping.
const noMinusZero = (v: unknown): unknown => readJSON(JSON.stringify(v))

describe('mistakes', () => {
  const schema: JsonSchema = {
    properties: {
      name: { type: 'string', minLength: 2 },
      count: { type: 'integer', minimum: 1, maximum: 5 },
      key: { type: 'string' },
      rows: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
      ids: { type: 'array', items: { type: 'integer' }, maxItems: 2 },
      wait: { type: 'string', 'x-format': 'duration' },
    },
    required: ['name', 'key'],
    allOf: [{ anyOf: [{ required: ['count'] }, { required: ['ids'] }] }],
  }

  test('are told by the path of the field', () => {
    expect(mistakesIn(schema, { name: 'x', count: 9, rows: [{ id: 1 }, {}], ids: [1, 'two', 3], wait: '5' })).toEqual({
      name: 'is shorter than 2 characters',
      count: 'is more than 5',
      key: 'is needed',
      'rows.1.id': 'is needed',
      ids: 'has more than 2 entries',
      wait: 'is no duration such as 30s, 5m, 8h',
    })
  })

  test('are told of data that is neither the list nor the object that is asked for', () => {
    const of = (type: string, value: unknown) =>
      mistakesIn({ type: 'object', properties: { value: { type } } }, { value }).value
    expect(of('array', { a: 1 })).toBe('is no list')
    expect(of('array', 'a')).toBe('is no list')
    expect(of('array', [1])).toBeUndefined()
    expect(of('object', [1])).toContain('is no object')
    expect(of('object', { a: 1 })).toBeUndefined()
  })

  test('of a group one field is needed', () => {
    expect(mistakesIn(schema, { name: 'xy', key: 'k' })).toEqual({ count: 'one of count, ids is needed' })
  })

  test('stored secrets may be left empty, and expressions are not held against types', () => {
    expect(mistakesIn(schema, { name: 'xy', count: '${{ inputs.n }}' }, { kept: ['key'], expressions: true })).toEqual(
      {},
    )
    expect(mistakesIn(schema, { name: 'xy', count: '${{ inputs.n }}', key: 'k' })).toEqual({
      count: 'is no whole number',
    })
  })

  test('of the server are found by the field', () => {
    const fields = { 'body.inputs.rows[1].id': 'a', 'body.other': 'b' }
    expect(fieldMistakes({ fields, detail: null }, 'inputs')).toEqual({ 'rows.1.id': 'a', other: 'b' })
    expect(fieldMistakes({ fields: {}, detail: { fields: { name: 'is missing', 'rows[0].id': 'c' } } })).toEqual({
      name: 'is missing',
      'rows.0.id': 'c',
    })
    expect(fieldMistakes({ fields: {}, detail: { status: 404 } })).toEqual({})
  })
})
