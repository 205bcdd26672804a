import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { lineOfWhen, setWhen, switchOff } from './triggers'

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

describe('switchOff', () => {
  test.each([
    [
      'a block',
      '  - name: t # its name\n    type: webhook\n    verify: none # for now\n    when: body.a\n',
      '  - name: t # its name\n    type: webhook\n    verify: none # for now\n    enabled: false\n    when: body.a\n',
    ],
    [
      'one that is switched on',
      '  - name: t\n    enabled: true # why\n    type: schedule\n',
      '  - name: t\n    enabled: false # why\n    type: schedule\n',
    ],
    [
      'braces',
      '  - {name: t, type: interval, every: 5m} # in short\n',
      '  - {name: t, type: interval, enabled: false, every: 5m} # in short\n',
    ],
    [
      'several',
      '  - {name: s, type: form}\n  - name: t\n    type: poll\n',
      '  - {name: s, type: form, enabled: false}\n  - name: t\n    type: poll\n    enabled: false\n',
    ],
  ])('switches off %s', (_, was, is) => expect(switchOff(around(was))).toBe(around(is)))

  test.each([
    ['one that is off', '  - {name: t, type: webhook, enabled: false}\n'],
    ['one that is fired by hand', '  - {name: t, type: always_pass}\n'],
    ['what is no trigger', '  - webhook\n'],
  ])('leaves %s', (_, was) => expect(switchOff(around(was))).toBe(around(was)))

  test('leaves a text without triggers', () => expect(switchOff('tasks: {}\n')).toBe('tasks: {}\n'))
})
