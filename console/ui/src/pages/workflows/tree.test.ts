import { describe, expect, test } from 'vitest'
import { fits, foldersOf, tagsOf, type Workflow } from './tree'

const workflow = (id: string, more: Partial<Workflow> = {}): Workflow =>
  ({ id, tags: [], triggers: [], file: `workflows/${id}.yaml`, ...more }) as Workflow

test('workflows lie in the folders that their ids name', () => {
  const top = foldersOf(['triage/new', 'a', 'triage/deep/er/x', 'triage/old'].map(id => workflow(id)))
  expect(top.workflows.map(w => w.id)).toEqual(['a'])
  expect(top.folders.map(f => f.path)).toEqual(['triage'])
  const triage = top.folders[0]
  expect(triage?.workflows.map(w => w.id)).toEqual(['triage/new', 'triage/old'])
  expect(triage?.folders[0]?.folders[0]?.workflows.map(w => w.id)).toEqual(['triage/deep/er/x'])
})

describe('what is looked for', () => {
  const w = workflow('triage/new', {
    title: 'Triage a ticket',
    tags: ['halo'],
    triggers: [{ name: 'in', type: 'webhook', enabled: false }],
  })
  test.each([
    [{ search: '', tag: '', only: '' }, true],
    [{ search: 'TICKET tri', tag: '', only: '' }, true],
    [{ search: 'nothing', tag: '', only: '' }, false],
    [{ search: '', tag: 'halo', only: '' }, true],
    [{ search: '', tag: 'other', only: '' }, false],
    [{ search: '', tag: '', only: 'triggered' }, false],
    [{ search: '', tag: '', only: 'broken' }, false],
  ])('%j', (filter, found) => expect(fits(w, filter)).toBe(found))
})

test('each tag is named once', () => {
  expect(tagsOf([workflow('a', { tags: ['x', 'b'] }), workflow('b', { tags: ['x'] })])).toEqual(['b', 'x'])
})
