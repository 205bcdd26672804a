import { Button } from '@mantine/core'
import { IconTestPipe } from '@tabler/icons-react'
import type { Ended } from '../mock'
import { copyMock } from './copyMocks'

/** Copies what a task gave as a mock. */
export function CopyMock({ task }: { task: Ended }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      w="fit-content"
      leftSection={<IconTestPipe size={14} stroke={1.6} aria-hidden />}
      onClick={() => void copyMock(task)}
    >
      Copy as a mock
    </Button>
  )
}
