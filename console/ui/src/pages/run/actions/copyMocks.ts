import { api } from '~/api/client'
import { tell } from '~/parts/tell'
import type { Ended } from '../mock'
import type { Execution } from '../steps'

/** How large what is copied may be, in characters. */
const most = 2_000_000

async function copy(text: string, done: string) {
  if (text.length > most) throw new Error('It is too large to be copied.')
  await navigator.clipboard.writeText(text)
  tell.done(done)
}

/** Copies what a task gave as a `mock:`, with which it gives the same in tests without calling its action. */
export async function copyMock(task: Ended) {
  try {
    const { failedItems, mockable, mockYAML } = await import('../mock')
    if (!mockable(task))
      throw new Error('The results of all items are too large for one mock. Choose an item, and copy that as a mock.')
    const failed = failedItems(task)
    await copy(
      mockYAML(task),
      `Copied the mock of ${task.name}: put it below the task.${failed > 0 ? ` Items that failed give null there: ${failed}.` : ''}`,
    )
  } catch (error) {
    tell.failure(error)
  }
}

/** Copies what all tasks of a run gave so far, below their names. */
export async function copyMocks(run: string, executions: Execution[]) {
  try {
    const { mockable, mocksYAML } = await import('../mock')
    const params = { path: { run }, query: { results: 'small' } }
    const { data } = await api.GET('/runs/{run}', { params })
    const withItems = new Set(executions.filter(e => e.items).map(e => e.exec))
    const over = (data?.tasks ?? []).filter(t => t.finished_at).map(t => ({ ...t, each: withItems.has(t.exec) }))
    const whole = over.filter(t => (t.result_bytes === undefined || t.result !== null) && mockable(t))
    const names = new Set(whole.map(t => t.name)).size
    const left = over.length - whole.length
    const large =
      left > 0 ? ` ${left} ${left === 1 ? 'result is' : 'results are'} too large: copy those one by one.` : ''
    await copy(mocksYAML(whole), `Copied the mocks of ${names} ${names === 1 ? 'task' : 'tasks'}.${large}`)
  } catch (error) {
    tell.failure(error)
  }
}
