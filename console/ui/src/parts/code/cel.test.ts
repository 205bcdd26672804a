import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { conditionsOf, spansOf, tokensOf } from './cel'

const inside = (text: string) => spansOf(text).map(s => text.slice(s.from, s.to))

describe('spansOf', () => {
  test.each([
    ['a ${{ inputs.x }} b ${{ y }}', [' inputs.x ', ' y ']],
    ["${{ {'a': {'b': 1}} }}", [" {'a': {'b': 1}} "]],
    ["${{ 'a }} b' }}", [" 'a }} b' "]],
    ['"${{ tasks[\\"x }}\\"] }}"', [' tasks[\\"x }}\\"] ']],
    ['$${{ no }} ${{ yes }}', [' yes ']],
    ['${{ open\nnext: 1', [' open']],
    ['nothing {{ here }}', []],
  ])('%s', (text, spans) => expect(inside(text)).toEqual(spans))

  test('of any text they lie in it, one behind the other', () => {
    const piece = fc.constantFrom('${{', '}}', '{', '}', "'", '"', '\\', 'a', ' ', '\n', '$')
    fc.assert(
      fc.property(fc.array(piece), pieces => {
        const text = pieces.join('')
        let before = 0
        for (const s of spansOf(text)) {
          expect(s.from).toBeGreaterThanOrEqual(before)
          expect(s.to).toBeGreaterThanOrEqual(s.from)
          before = s.to
        }
        expect(before).toBeLessThanOrEqual(text.length)
      }),
    )
  })
})

test('tokens have kinds', () => {
  const text = "tasks.x.result.size() > 10 && name in ['a'] == true"
  const told = tokensOf(text, { from: 0, to: text.length }).map(t => `${text.slice(t.from, t.to)} ${t.kind}`)
  expect(told.filter(t => !t.endsWith('operator'))).toEqual([
    'tasks name',
    'x name',
    'result name',
    'size function',
    '10 number',
    'name name',
    'in keyword',
    "'a' string",
    'true keyword',
  ])
})

describe('conditionsOf', () => {
  test.each([
    ['      - when: succeeded && result.ok # yes', 'succeeded && result.ok'],
    ['      - {when: succeeded, do: b}', 'succeeded'],
    ['      - {when: "succeeded && f(a, b)", do: b}', 'succeeded && f(a, b)'],
    ["    when: 'failed'", 'failed'],
    ['      - {do: b, when: failed}', 'failed'],
  ])('%s', (line, condition) => {
    const span = conditionsOf(line)
    expect(span && line.slice(span.from, span.to).trim()).toBe(condition)
  })

  test.each(['  when: ${{ failed }}', '  title: when: x', '  whenever: x', '    when: |'])('%s has none', line =>
    expect(conditionsOf(line)).toBeNull(),
  )
})
