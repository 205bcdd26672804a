import { describe, expect, test } from 'vitest'
import { begun, followed, isDirty, keptOn, meanwhile, type Stored, taken, written } from './document'

const lying = (file: string | null, draft?: [text: string, revision: number, base: string]): Stored => ({
  file: (file === null ? null : { text: file, version: `v ${file}` }) as never,
  draft: (draft ? { text: draft[0], revision: draft[1], base: draft[2], by: 'ben', at: '' } : null) as never,
  publish: { allowed: true, comment: 'optional' },
  used_by: [],
})
const typed = (stored: Stored, text: string) => ({ ...begun(stored, ''), text })

describe('what is begun with', () => {
  test('the draft, else the file, else what runs', () => {
    expect(begun(lying('one', ['mine', 3, 'v one']), 'runs')).toMatchObject({
      text: 'mine',
      revision: 3,
      base: 'v one',
    })
    expect(begun(lying('one'), 'runs')).toMatchObject({ text: 'one', revision: 0, base: 'v one' })
    expect(begun(lying(null), 'runs')).toMatchObject({ text: 'runs', revision: 0, base: '' })
  })

  test('line ends come back as the file has them', () => {
    const s = begun(lying('a\r\nb\r\n'), '')
    expect(s.text).toBe('a\nb\n')
    expect(isDirty(s)).toBe(false)
    expect(written({ ...s, text: 'a\nc\n' })).toBe('a\r\nc\r\n')
  })
})

describe('who has changed nothing', () => {
  test('goes on from what others did', () => {
    expect(followed(begun(lying('one'), ''), lying('two'), '').text).toBe('two')
    expect(followed(begun(lying('one'), ''), lying('one', ['theirs', 1, 'v one']), '').text).toBe('theirs')
    expect(followed(begun(lying('one', ['theirs', 1, 'v one']), ''), lying('one'), '').text).toBe('one')
  })

  test('keeps a draft when the file changes below it, and is told', () => {
    const s = begun(lying('one', ['mine', 1, 'v one']), '')
    const now = lying('two', ['mine', 1, 'v one'])
    expect(followed(s, now, '')).toBe(s)
    expect(meanwhile(s, now)).toBe('file changed')
  })
})

describe('who has changed something', () => {
  const s = typed(lying('one', ['draft', 1, 'v one']), 'mine')
  test.each([
    ['nothing', lying('one', ['draft', 1, 'v one']), null],
    ['the file', lying('two', ['draft', 1, 'v one']), 'file changed'],
    ['the file, which is gone', lying(null, ['draft', 1, 'v one']), 'file gone'],
    ['the draft', lying('one', ['theirs', 2, 'v one']), 'draft saved'],
    ['the draft, which is gone', lying('one'), 'draft gone'],
    ['both', lying('two', ['theirs', 2, 'v one']), 'file changed'],
  ] as const)('keeps it, and is told of %s', (_, now, what) => {
    expect(followed(s, now, '')).toBe(s)
    expect(meanwhile(s, now)).toBe(what)
  })

  test.each([
    ['file changed', lying('two', ['draft', 1, 'v one'])],
    ['file gone', lying(null, ['draft', 1, 'v one'])],
    ['draft saved', lying('one', ['theirs', 2, 'v one'])],
    ['draft gone', lying('one')],
  ] as const)('goes on with it over %s, and is asked once', (what, now) => {
    const on = keptOn(s, what, now)
    expect(on.text).toBe('mine')
    expect(on.base).toBe(now.file?.version ?? '')
    expect(meanwhile(on, now)).toBeNull()
    expect(isDirty(on)).toBe(true)
  })

  test('of two things that others did each is asked about', () => {
    const now = lying('two', ['theirs', 2, 'v one'])
    expect(meanwhile(keptOn(s, 'file changed', now), now)).toBe('draft saved')
  })

  test.each([
    ['file changed', lying('two'), 'two'],
    ['draft saved', lying('one', ['theirs', 2, 'v one']), 'theirs'],
    ['draft gone', lying('one'), 'one'],
  ] as const)('takes theirs after %s', (what, now, text) => {
    const next = taken(s, what, now, '')
    expect(next.text).toBe(text)
    expect(isDirty(next)).toBe(false)
    expect(meanwhile(next, now)).toBeNull()
  })

  test('takes the text of the file over a draft that stays as a change of that', () => {
    const now = lying('two', ['draft', 1, 'v one'])
    const next = taken(s, 'file changed', now, '')
    expect(next).toMatchObject({ text: 'two', base: 'v two', revision: 1 })
    expect(isDirty(next)).toBe(true)
    expect(meanwhile(next, now)).toBeNull()
  })
})

test('going on with an untouched draft over a new file is a change of the draft: its base', () => {
  const s = begun(lying('one', ['draft', 1, 'v one']), '')
  const now = lying('two', ['draft', 1, 'v one'])
  expect(isDirty(keptOn(s, 'file changed', now))).toBe(true)
})
