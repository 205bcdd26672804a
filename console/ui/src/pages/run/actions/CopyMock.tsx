import { Button } from '@mantine/core'
import { IconTestPipe } from '@tabler/icons-react'
import { tell } from '~/parts/tell'
import type { Ended } from '../mock'

/** How large a mock may be that is copied, in characters. */
const most = 2_000_000

/** Copies what a task gave as a `mock:`, with which it gives the same in tests without calling its action. */
export function CopyMock({ task }: { task: Ended }) {
  const copy = async () => {
    try {
      const { mockYAML } = await import('../mock')
      const text = mockYAML(task)
      if (text.length > most) throw new Error('it is too large to be copied')
      await navigator.clipboard.writeText(text)
      tell.done(`Copied the mock of ${task.name}: put it below the task.`)
    } catch (error) {
      tell.failure(error)
    }
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconTestPipe size={14} stroke={1.6} aria-hidden />}
      onClick={() => void copy()}
    >
      Copy as a mock
    </Button>
  )
}
