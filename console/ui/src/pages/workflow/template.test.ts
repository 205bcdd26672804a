import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { template, wrongId } from './template'

test.each(['a', 'triage/new-ticket', 'A_b/c1', 'büro/v1.2'])('%s is an id', id => expect(wrongId(id, ['b'])).toBeNull())
test.each(['', '/a', 'a/', 'a//b', '../a', 'a.yaml', 'a b', 'b', '-a', '.a'])('%s is none', id =>
  expect(wrongId(id, ['b'])).not.toBeNull(),
)

test('a new workflow has the title that is wished, whatever stands in it', () => {
  for (const title of ['Greets', 'a: b', '# x', '"', "it's", '12'])
    expect(String(parse(template('x', title)).title)).toBe(title)
  expect(parse(template('triage/new-ticket', '')).title).toBe('new ticket')
})
