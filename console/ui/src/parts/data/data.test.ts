import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moveOf } from './keys'
import { below, literal } from './path'
import { isHTML, textOfHTML } from './text'
import { count, page, rowsOf, summary } from './tree'

const nothing = { opened: {}, shown: {}, search: '' }

describe('below', () => {
  test.each([
    ['result', 'id', 'result.id'],
    ['result', 0, 'result[0]'],
    ['result', 'custom fields', "result['custom fields']"],
    ['result', "it's \\", "result['it\\'s \\\\']"],
    ['result', 'in', "result['in']"],
    ['', 'body', 'body'],
  ])('%s and %s is %s', (at, step, path) => expect(below(at, step)).toBe(path))

  test('a literal holds no line end and no open quote', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const inner = literal(text).slice(1, -1)
        expect(inner).not.toMatch(/[\n\r\t]/)
        expect(inner.replaceAll(/\\./g, '')).not.toContain("'")
      }),
    )
  })
})

describe('rowsOf', () => {
  const ticket = { id: 7, assets: [{ name: 'NWD-SRV01' }, { name: 'NWD-LT02' }], team: null }
  const paths = (view = nothing, value: unknown = ticket) => rowsOf(value, 'result', view).map(r => r.path)

  test('something small is open altogether', () => {
    expect(paths()).toEqual([
      ...['result', 'result.id', 'result.assets', 'result.assets[0]', 'result.assets[0].name'],
      ...['result.assets[1]', 'result.assets[1].name', 'result.team'],
    ])
  })

  test('a number of many digits is a number, and is found by them', () => {
    const rows = rowsOf({ id: 9007199254740993n, name: 'x' }, '', { ...nothing, search: '740993' })
    expect(rows.map(r => [r.step, r.kind, String(r.value)]).slice(1)).toEqual([['id', 'number', '9007199254740993']])
  })

  test('what is folded hides what lies in it', () => {
    const view = { ...nothing, opened: { '\u0000assets': false } }
    expect(paths(view)).toEqual(['result', 'result.id', 'result.assets', 'result.team'])
  })

  test('of a long list the first entries are shown, and how many there are more', () => {
    const rows = rowsOf(
      Array.from({ length: 250 }, (_, i) => i),
      '',
      nothing,
    )
    expect(rows).toHaveLength(1 + page + 1)
    expect(rows.at(-1)).toMatchObject({ more: 150, depth: 1 })
    const all = rowsOf(rows[0]?.value, '', { ...nothing, shown: { '': 300 } })
    expect(all).toHaveLength(251)
  })

  test('a search shows what fits with what it lies in, in capitals or not', () => {
    expect(paths({ ...nothing, search: 'lt02' })).toEqual([
      'result',
      'result.assets',
      'result.assets[1]',
      'result.assets[1].name',
    ])
    expect(paths({ ...nothing, search: 'TEAM' })).toEqual(['result', 'result.team'])
    expect(paths({ ...nothing, search: 'nowhere' })).toEqual(['result'])
  })

  test('all rows of an open value are as many as there are values in it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), value => {
        const opened = new Proxy({}, { get: () => true }) as Record<string, boolean>
        const shown = new Proxy({}, { get: () => 1e9 }) as Record<string, number>
        expect(rowsOf(value, 'x', { opened, shown, search: '' })).toHaveLength(count(value, 1e9))
      }),
    )
  })
})

test('summary tells what is in there, as far as there is room', () => {
  expect(summary({ id: 1, name: 'x' })).toBe('{id, name}')
  expect(summary({ alpha: 1, beta: 2, gamma: 3 }, 11)).toBe('{alpha, beta, … 1 more}')
  expect(summary([1])).toBe('1 entry')
  expect(summary({})).toBe('{}')
})

test('HTML becomes what its reader would read', () => {
  expect(isHTML('<p>Hi</p>')).toBe(true)
  expect(isHTML('a < b and c > d')).toBe(false)
  expect(textOfHTML('<p>Hi team,<br>disk &lt; 10&#160;%</p><ul><li>one<li>two</ul><script>alert(1)</script>')).toBe(
    'Hi team,\ndisk < 10\u00a0%\n\n- one\n- two',
  )
})

describe('moveOf', () => {
  const rows = rowsOf({ a: { b: 1 }, c: 2 }, '', { ...nothing, opened: { '\u0000a': false } })
  test.each([
    ['ArrowDown', 0, { go: '\u0000a' }],
    ['ArrowUp', 0, undefined],
    ['ArrowRight', 1, { open: true }],
    ['ArrowRight', 0, { go: '\u0000a' }],
    ['ArrowLeft', 1, { go: '' }],
    ['ArrowLeft', 0, { open: false }],
    ['End', 0, { go: '\u0000c' }],
    ['Enter', 1, { open: true }],
    ['Enter', 2, undefined],
    ['x', 1, undefined],
  ])('%s on row %d', (key, at, move) => expect(moveOf(key, rows, at)).toEqual(move))
})
