import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Taken } from './taken'
import { addTask, deleteTask, renameTask, taskNames } from './tasks'
import { setIn } from './values'
import { changeWay } from './way'
import { connect, disconnect } from './ways'

// Laws that hold for every edit of every workflow, however it is written.

interface Next {
  when?: string
  do?: string | string[]
  publish?: Record<string, unknown>
}
interface Task {
  action: string
  with?: Record<string, unknown>
  next?: string | string[] | Next[]
}
type Flow = { tasks: Record<string, Task> }

const names = ['get', 'assign', 'note', 'tell']
const name = fc.constantFrom(...names)
const scalar = fc.oneof(
  fc.constantFrom(
    'a',
    'x: y',
    '# no comment',
    '${{ tasks.get.result }}',
    "it's",
    'say "so"',
    '12',
    'true',
    'ä🙂',
    '- x',
    '[',
    'a, b',
  ),
  fc.constantFrom('one\ntwo\n', 'one\n\n  two', 'end\n\n'),
  fc.integer({ min: -5, max: 5 }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('p', 'q', 'r'), tie('any'), { maxKeys: 3 }),
  ),
})).any
const condition = fc.constantFrom('succeeded', 'failed', "result.x == 'a: b'", '${{ tasks.get.result.ok }}')
const targets = fc.oneof(name, fc.uniqueArray(name, { minLength: 1, maxLength: 3 }))
const entry: fc.Arbitrary<Next> = fc
  .record({ when: condition, do: targets, publish: fc.constant(null).map(() => ({ x: 1 })) }, { requiredKeys: [] })
  .filter(e => Object.keys(e).length > 0)
const task: fc.Arbitrary<Task> = fc.record(
  {
    action: fc.constantFrom('core.noop', 'halo.get_ticket'),
    with: fc.dictionary(fc.constantFrom('p', 'q', 'r'), value, { minKeys: 1, maxKeys: 3 }),
    next: fc.oneof(
      name,
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      fc.array(entry, { minLength: 1, maxLength: 3 }),
    ),
  },
  { requiredKeys: ['action'] },
)
const model: fc.Arbitrary<Flow> = fc.record({ tasks: fc.dictionary(name, task, { minKeys: 1, maxKeys: 4 }) })

interface Written {
  flow: Flow
  text: string
}

// The same workflow in braces or on lines, with comments on lines of their own and behind values, and either line end.
const written: fc.Arbitrary<Written> = fc
  .record({
    flow: model,
    style: fc.constantFrom('block', 'flow', 'mixed'),
    comments: fc.array(fc.nat(40), { maxLength: 6 }),
    crlf: fc.boolean(),
    end: fc.boolean(),
    apart: fc.boolean(),
  })
  .map(({ flow, style, comments, crlf, end, apart }) => {
    let text = style === 'flow' ? `tasks: ${inBraces(flow.tasks)}\n` : blocks(flow, style === 'mixed', apart)
    text = commented(`${text}outputs: {}\n`, comments)
    if (!end) text = text.replace(/\n$/, '')
    return { flow, text: crlf ? text.replaceAll('\n', '\r\n') : text }
  })
  .filter(w => !/\|[+]/.test(w.text) && JSON.stringify(parse(w.text)) === JSON.stringify({ ...w.flow, outputs: {} }))

const inBraces = (v: unknown) => stringify(v, { collectionStyle: 'flow', lineWidth: 0 }).trim()

function blocks(flow: Flow, mixed: boolean, apart: boolean): string {
  const each = Object.entries(flow.tasks).map(([n, t], i) =>
    mixed && i % 2 === 0
      ? `  ${n}: ${inBraces(t)}\n`
      : stringify({ [n]: t }, { lineWidth: 0 }).replace(/^(?=.)/gm, '  '),
  )
  return `tasks:\n${each.join(apart ? '\n' : '')}`
}

function commented(text: string, at: number[]): string {
  const lines = text.split('\n')
  for (const n of at) {
    const line = lines[n]
    if (line === undefined || line === '' || / #|[|>][-+]?$/.test(line)) continue
    if (n % 2 === 0) lines[n] = `${line} # c${n}`
    else lines[n] = `${/^ */.exec(line)?.[0]}# d${n}\n${line}`
  }
  return lines.join('\n')
}

const comments = (text: string) => [...text.matchAll(/# ([cd]\d+)/g)].map(m => m[1])

/** The lines that are about a task, from its key to the next one's. */
function partOf(text: string, task: string): string {
  const lines = text.split(/(?<=\n)/)
  const from = lines.findIndex(l => l.startsWith(`  ${task}:`))
  if (from < 0) return ''
  const length = lines.slice(from + 1).findIndex(l => /^ {0,2}[^\s#]/.test(l))
  return lines.slice(from, length < 0 ? undefined : from + 1 + length).join('')
}

function othersStay(before: string, after: string, but: string) {
  if (!before.includes('tasks:\n') && !before.includes('tasks:\r\n')) return
  for (const n of taskNames(before)) {
    if (n === but) continue
    const was = partOf(before, n).trimEnd()
    expect(partOf(after, n).trimEnd()).toBe(was)
  }
}

function onlyEol(before: string, after: string) {
  if (before.includes('\r\n')) expect(after.replaceAll('\r\n', '')).not.toContain('\n')
  else expect(after).not.toContain('\r')
}

const read = (text: string) => parse(text) as Flow
const taken: fc.Arbitrary<Taken> = fc.oneof(
  fc.constantFrom<Taken>({ kind: 'success' }, { kind: 'failure' }, { kind: 'always' }),
  fc.record({ kind: fc.constant('condition' as const), when: fc.constantFrom("result.x == 'a: b'", 'timed_out') }),
)

/** What follows a task as pairs of condition and target, whichever form it is written in. */
function leads(task: Task | undefined): [string, string][] {
  const next = task?.next ?? []
  const entries = typeof next === 'string' ? [next] : next
  return entries.flatMap(e => {
    if (typeof e === 'string') return [['succeeded', e] as [string, string]]
    const when = e.when ?? 'always'
    return [e.do ?? []].flat().map(to => [when, to] as [string, string])
  })
}

const key = (pairs: [string, string][]) => pairs.map(p => p.join(' ')).sort()

test('connecting adds one way and nothing else', () => {
  fc.assert(
    fc.property(written, fc.nat(), name, taken, ({ flow, text }, n, to, how) => {
      const from = Object.keys(flow.tasks)[n % Object.keys(flow.tasks).length] as string
      const after = connect(text, from, to, how)
      const now = read(after)
      const when = { success: 'succeeded', failure: 'failed', always: 'always', condition: how.when ?? '' }[how.kind]
      const before = leads(flow.tasks[from])
      const wanted = before.some(([w, t]) => w === when && t === to)
        ? [before, [...before, [when, to] as [string, string]]]
        : [[...before, [when, to] as [string, string]]]
      expect(wanted.map(key)).toContainEqual(key(leads(now.tasks[from])))
      const rest = (f: Flow) => ({ ...f.tasks, [from]: { ...f.tasks[from], next: undefined } })
      expect(rest(now)).toEqual(rest(flow))
      expect(comments(after)).toEqual(comments(text))
      othersStay(text, after, from)
      onlyEol(text, after)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('disconnecting takes one way away and nothing else', () => {
  fc.assert(
    fc.property(written, fc.nat(), fc.nat(), ({ flow, text }, n, m) => {
      const from = Object.keys(flow.tasks)[n % Object.keys(flow.tasks).length] as string
      const next = flow.tasks[from]?.next ?? []
      const entries: (string[] | Next)[] =
        typeof next === 'string'
          ? [[next]]
          : next.some(e => typeof e === 'string')
            ? [next as string[]]
            : (next as Next[])
      const ways = entries.flatMap((e, i) => (Array.isArray(e) ? e : [e.do ?? []].flat()).map(to => [i, to] as const))
      if (ways.length === 0) return
      const [index, to] = ways[m % ways.length] as readonly [number, string]
      const after = disconnect(text, from, index, to)
      const now = read(after)
      const gone = ways.filter(([i, t]) => !(i === index && t === to)).map(([, t]) => t)
      expect(
        leads(now.tasks[from])
          .map(l => l[1])
          .sort(),
      ).toEqual(gone.sort())
      const rest = (f: Flow) => ({ ...f.tasks, [from]: { ...f.tasks[from], next: undefined } })
      expect(rest(now)).toEqual(rest(flow))
      othersStay(text, after, from)
      onlyEol(text, after)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('changing when a way is taken changes that alone', () => {
  fc.assert(
    fc.property(written, fc.nat(), fc.nat(), taken, ({ flow, text }, n, m, how) => {
      const from = Object.keys(flow.tasks)[n % Object.keys(flow.tasks).length] as string
      const next = flow.tasks[from]?.next ?? []
      const short = typeof next === 'string' || next.some(e => typeof e === 'string')
      const entries: Next[] = short ? [{ when: 'succeeded', do: next as string | string[] }] : (next as Next[])
      if (entries.length === 0) return
      const index = m % entries.length
      const after = changeWay(text, from, index, how)
      const when = { success: 'succeeded', failure: 'failed', always: undefined, condition: how.when }[how.kind]
      const wanted = entries.map((e, i) => (i === index ? { ...e, when } : e))
      const now = read(after)
      const is = now.tasks[from]?.next ?? []
      if (short && how.kind === 'success') expect(after).toBe(text)
      else expect([is].flat()).toEqual(wanted)
      const rest = (f: Flow) => ({ ...f.tasks, [from]: { ...f.tasks[from], next: undefined } })
      expect(rest(now)).toEqual(rest(flow))
      othersStay(text, after, from)
      onlyEol(text, after)
      expect(changeWay(after, from, index, how)).toBe(after)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('setting an input sets it, and nothing else', () => {
  fc.assert(
    fc.property(
      written,
      fc.nat(),
      fc.constantFrom('p', 'q', 'new'),
      fc.option(value, { nil: undefined }),
      ({ flow, text }, n, field, to) => {
        const of = Object.keys(flow.tasks)[n % Object.keys(flow.tasks).length] as string
        const after = setIn(text, ['tasks', of, 'with', field], to)
        const wanted = structuredClone(flow)
        const changed = wanted.tasks[of] as Task
        changed.with = { ...changed.with }
        if (to === undefined) delete changed.with[field]
        else changed.with[field] = to
        if (Object.keys(changed.with).length === 0) delete changed.with
        expect(read(after)).toEqual({ ...wanted, outputs: {} })
        othersStay(text, after, of)
        onlyEol(text, after)
        expect(setIn(after, ['tasks', of, 'with', field], to)).toBe(after)
      },
    ),
    { numRuns: 200 },
  )
}, 60_000)

test('adding a task adds it, and keeps every comment', () => {
  fc.assert(
    fc.property(
      written,
      fc.option(fc.nat(), { nil: undefined }),
      fc.dictionary(fc.constantFrom('p', 'q'), value),
      ({ flow, text }, n, inputs) => {
        const all = Object.keys(flow.tasks)
        const behind = n === undefined ? undefined : all[n % all.length]
        const after = addTask(text, { name: 'fresh', action: 'core.noop', with: inputs }, behind)
        const now = read(after)
        expect(now.tasks.fresh).toEqual({
          action: 'core.noop',
          ...(Object.keys(inputs).length ? { with: inputs } : {}),
        })
        const order = behind === undefined ? [...all, 'fresh'] : all.flatMap(x => (x === behind ? [x, 'fresh'] : [x]))
        expect(Object.keys(now.tasks)).toEqual(order)
        if (behind) expect(leads(now.tasks[behind]).map(l => l[1])).toContain('fresh')
        expect(comments(after)).toEqual(comments(text))
        onlyEol(text, after)
      },
    ),
    { numRuns: 200 },
  )
}, 60_000)

test('renaming there and back gives the same text', () => {
  fc.assert(
    fc.property(written, fc.nat(), ({ flow, text }, n) => {
      const all = Object.keys(flow.tasks)
      const of = all[n % all.length] as string
      const there = renameTask(text, of, 'renamed_once')
      const now = read(there)
      expect(Object.keys(now.tasks)).toEqual(all.map(x => (x === of ? 'renamed_once' : x)))
      expect(Object.values(now.tasks).flatMap(t => leads(t).map(l => l[1]))).not.toContain(of)
      expect(there).not.toContain(`tasks.${of}.`)
      if (of === 'get') expect(renameTask(there, 'renamed_once', of)).toBe(text)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('deleting a task leaves the others, and nothing that leads to it', () => {
  fc.assert(
    fc.property(written, fc.nat(), ({ flow, text }, n) => {
      const all = Object.keys(flow.tasks)
      const of = all[n % all.length] as string
      const after = deleteTask(text, of)
      const now = read(after)
      expect(Object.keys(now.tasks ?? {})).toEqual(all.filter(x => x !== of))
      for (const [x, t] of Object.entries(now.tasks ?? {})) {
        expect(key(leads(t))).toEqual(key(leads(flow.tasks[x]).filter(l => l[1] !== of)))
        expect(t.with).toEqual(flow.tasks[x]?.with)
      }
      onlyEol(text, after)
    }),
    { numRuns: 200 },
  )
}, 60_000)

test('texts that are no workflows are left alone, or changed without an error', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('tasks:', '\n', ' ', '  ', '- ', '{', '}', '[', ']', 'a', ':', '"', '|', '#', 'next: '))
      .map(p => p.join('')),
  )
  fc.assert(
    fc.property(text, t => {
      connect(t, 'a', 'b', { kind: 'failure' })
      disconnect(t, 'a', 0)
      changeWay(t, 'a', 0, { kind: 'failure', label: 'x' })
      renameTask(t, 'a', 'b')
      deleteTask(t, 'a')
      setIn(t, ['tasks', 'a', 'with', 'x'], 1)
      addTask(t, { name: 'c', action: 'x' }, 'a')
    }),
    { numRuns: 200 },
  )
}, 60_000)
