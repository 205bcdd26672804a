import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scopes } from './scopes'

test('the scopes are those of the handbook', () => {
  const page = readFileSync(new URL('../../../../../docs/access.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z]+:[a-z]+)` \| (\w+) \| (.+) \|$/gm)]
  expect(scopes.map(s => [s.id, s.role, s.text])).toEqual(rows.map(([, id, role, text]) => [id, role, text]))
})
