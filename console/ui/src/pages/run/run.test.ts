import { expect, test } from 'vitest'
import { handles, partOf, type Run } from './run'

test.each([
  ['on_failure', { partOf: undefined, handles: '1' }], // it is resumed by itself
  ['workflow', { partOf: '1', handles: undefined }],
])('a run that another one led to by %s', (trigger_type, expected) => {
  const run = { parent: '1', trigger_type } as Run
  expect({ partOf: partOf(run), handles: handles(run) }).toEqual(expected)
})
