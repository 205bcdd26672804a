import { expect, test } from 'vitest'
import { excerpt } from './excerpt'

const text = 'triggers:\n  - name: a\n    type: poll\n\n  - name: b\n'

test.each([
  [2, 4, '- name: a\n  type: poll'],
  [5, 6, '- name: b'],
  [1, 1, 'triggers:'],
  [9, 12, ''],
])('lines %d to %d', (from, until, lines) => expect(excerpt(text, from, until)).toBe(lines))
