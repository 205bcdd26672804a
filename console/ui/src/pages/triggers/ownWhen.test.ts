import { expect, test } from 'vitest'
import { ownWhen } from './ownWhen'

test.each([
  ['- name: a\n  when: body.n == 1', 'body.n == 1'],
  ['- name: a\n  when: "${' + '{ body.n == 1 }}"', 'body.n == 1'],
  ['- {name: a, when: "x"}', 'x'],
  ['name: a\nwhen: |\n  a\n  && b\n', 'a\n&& b'],
  ['- name: a', undefined],
  ['- name: [', undefined],
  ['', undefined],
])('%s', (yaml, when) => expect(ownWhen(yaml)).toBe(when))
