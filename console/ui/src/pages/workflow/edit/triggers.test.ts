import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { lineOfWhen, setWhen } from './triggers'

const around = (triggers: string) => `# head\ntitle: T\ntriggers:\n${triggers}\ntasks:\n  a: {action: core.noop} # a\n`

describe('setWhen', () => {
  const when = "body.kind == 'ticket'"
  const cases: [string, string, string][] = [
    [
      'a block without a condition',
      '  - name: t # its name\n    type: webhook # sent by Halo\n    # what it gives\n    inputs: {id: 1}\n',
      "  - name: t # its name\n    type: webhook # sent by Halo\n    when: body.kind == 'ticket'\n    # what it gives\n    inputs: {id: 1}\n",
    ],
    [
      'a block with a condition',
      '  - name: t\n    when: body.old # why\n    type: webhook\n',
      "  - name: t\n    when: body.kind == 'ticket' # why\n    type: webhook\n",
    ],
    [
      'a condition over several lines',
      '  - name: t\n    when: >-\n      body.old\n      && body.older\n    # what it is\n    type: webhook\n',
      "  - name: t\n    when: body.kind == 'ticket'\n    # what it is\n    type: webhook\n",
    ],
    [
      'a condition below its key',
      '  - name: t\n    when:\n      body.old\n    type: webhook\n',
      "  - name: t\n    when: body.kind == 'ticket'\n    type: webhook\n",
    ],
    [
      'a key without a condition',
      '  - name: t\n    when: # not yet\n    type: webhook\n',
      "  - name: t\n    when: body.kind == 'ticket' # not yet\n    type: webhook\n",
    ],
    [
      'braces without a condition',
      '  - {name: t, type: webhook, inputs: {id: 1}} # in short\n',
      "  - {name: t, type: webhook, when: body.kind == 'ticket', inputs: {id: 1}} # in short\n",
    ],
    [
      'braces with a condition',
      '  - {name: t, when: "body.old", type: webhook} # in short\n',
      "  - {name: t, when: body.kind == 'ticket', type: webhook} # in short\n",
    ],
    [
      'the second of two',
      '  - name: s\n    when: body.s\n\n  # the second\n  - name: t\n    when: "${{ body.old }}"\n',
      "  - name: s\n    when: body.s\n\n  # the second\n  - name: t\n    when: body.kind == 'ticket'\n",
    ],
    [
      'a list of braces on one line',
      '  [{name: s}, {name: t}] # both\n',
      "  [{name: s}, {name: t, when: body.kind == 'ticket'}] # both\n",
    ],
  ]

  test.each(cases)('%s', (_, before, after) => {
    expect(setWhen(around(before), 't', when)).toBe(around(after))
  })

  test.each(cases)('%s, with the line ends of Windows', (_, before, after) => {
    const crlf = (text: string) => around(text).replace(/\n/g, '\r\n')
    expect(setWhen(crlf(before), 't', when)).toBe(crlf(after))
  })

  test.each([
    ['no triggers', 'tasks:\n  a: {action: core.noop}\n'],
    ['no trigger of the name', around('  - name: other\n')],
    ['triggers that are no list', 'triggers: {name: t}\n'],
    ['the same condition', around(`  - name: t\n    when: "${when}" # in quotes\n`)],
    ['nothing', ''],
  ])('%s: the text stays', (_, text) => {
    expect(setWhen(text, 't', when)).toBe(text)
  })

  test('whatever the condition is, it is read back, and nothing else changes', () => {
    const styles = cases.map(([, text]) => around(text))
    fc.assert(
      fc.property(fc.constantFrom(...styles), fc.string({ minLength: 1, unit: 'grapheme' }), (text, condition) => {
        const wanted = parse(text)
        wanted.triggers.find((t: { name: string }) => t.name === 't').when = condition
        expect(parse(setWhen(text, 't', condition))).toEqual(wanted)
      }),
    )
  })
})

describe('lineOfWhen', () => {
  test.each([
    ['its own', '  - name: t\n    type: webhook\n    when: body.old\n', 6],
    ["the trigger's", '  - name: s\n  - name: t\n', 5],
    ['none', '  - name: s\n', null],
  ])('%s', (_, text, line) => {
    expect(lineOfWhen(around(text), 't')).toBe(line)
  })
})
