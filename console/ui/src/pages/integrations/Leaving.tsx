import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useUnsaved } from './useUnsaved'

/** Asks before the page is left while something is not saved. */
export function Leaving({ unsaved }: { unsaved: number }) {
  const blocker = useUnsaved(unsaved > 0)
  if (blocker.state !== 'blocked') return null
  return (
    <Modal opened onClose={() => blocker.reset()} title="Leave without saving?" size="md">
      <Stack>
        <Text size="sm">
          {unsaved} change{unsaved === 1 ? ' is' : 's are'} not saved yet.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => blocker.proceed()}>
            Leave without saving
          </Button>
          <Button onClick={() => blocker.reset()} data-autofocus>
            Stay here
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
