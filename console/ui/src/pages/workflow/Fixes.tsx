import { Button, Modal, Stack } from '@mantine/core'
import type { Writer } from './useWriter'

/** Asks which of several changes is to mend what is marked at the cursor. */
export function Fixes({ writer }: { writer: Writer }) {
  return (
    <Modal opened={writer.fixes !== null} onClose={writer.closeFixes} title="Mend it" size="sm">
      <Stack gap="xs">
        {(writer.fixes ?? []).map((fix, i) => (
          <Button
            key={fix.name}
            variant="default"
            data-autofocus={i === 0 || undefined}
            onClick={() => {
              const editor = writer.editor()
              writer.closeFixes()
              if (editor) fix.apply(editor, 0, 0)
            }}
          >
            {fix.name}
          </Button>
        ))}
      </Stack>
    </Modal>
  )
}
