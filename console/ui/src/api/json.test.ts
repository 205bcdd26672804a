import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJSON } from './json'

// Digits as JSON has them, of any length.
const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String)

describe('whole numbers keep their digits', () => {
  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['[1,12345678901234567890]', [1, 12345678901234567890n]],
    ['{"id":1234567890123456789}', { id: 1234567890123456789n }],
  ])('%s', (text, value) => {
    expect(readJSON(text)).toEqual(value)
    expect(JSON.stringify(readJSON(text))).toBe(text)
  })

  test('whatever stands around them', () => {
    fc.assert(
      fc.property(whole, fc.string(), fc.jsonValue(), (digits, name, other) => {
        const text = `{${JSON.stringify(`a${name}`)}:[${digits},${JSON.stringify(name)}],"b":${JSON.stringify(other)}}`
        expect(JSON.stringify(readJSON(text))).toBe(text)
      }),
    )
  })

  test('and print them', () => {
    fc.assert(
      fc.property(whole, digits => {
        expect(String(readJSON(digits))).toBe(digits)
      }),
    )
  })
})

describe('everything else is read as ever', () => {
  test('values of any kind', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = JSON.stringify(value)
        expect(readJSON(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test.each([
    '"9007199254740993"',
    '"a \\" 9007199254740993, \\\\"',
    '0.12345678901234567890',
    '1.5e-1234567890123456',
    '[1e0000000000000021,-12345678901234567890.5,12345678901234567890E1]',
    '{"9007199254740993":"\\u0022 9007199254740993"}',
    ' [ "\\\\" , "9007199254740993" ] ',
  ])('%s', text => expect(readJSON(text)).toEqual(JSON.parse(text)))

  test('what is no JSON is refused', () => {
    for (const text of ['', '{', '[9007199254740993', '"9007199254740993', '09007199254740993', '9007199254740993 1'])
      expect(() => readJSON(text)).toThrow(SyntaxError)
  })
})

test('texts of many quotes and digits are read in no time', () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => `\\"${i} 9007199254740993`))
  const began = performance.now()
  expect(readJSON(`[${text},9007199254740993]`)).toHaveLength(2)
  expect(performance.now() - began).toBeLessThan(2000)
})

test('whatever may hold such numbers is read by it', () => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const reading = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
    .filter(file => readFileSync(join(root, file), 'utf8').includes('JSON.parse('))
  // What else reads JSON has none: changes told by the server, and texts that one page hands to another.
  expect(reading.sort()).toEqual(['api/json.ts', 'api/live.ts', 'pages/run/live.ts', 'pages/workflow/handed.ts'])
})
