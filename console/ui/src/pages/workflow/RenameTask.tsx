import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { wrongName } from './edit/tasks'

interface RenameProps {
  opened: boolean
  close: () => void
  name: string
  others: string[]
  rename: (name: string) => void
}

/** Asks for another name of a task. */
export function RenameTask(props: RenameProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title={`Rename ${props.name}`} size="sm">
      {props.opened && <Form {...props} />}
    </Modal>
  )
}

function Form({ close, name, others, rename }: RenameProps) {
  const [next, setNext] = useState(name)
  const wrong = next === name ? null : wrongName(next, others)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong) return
    if (next !== name) rename(next)
    close()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Name"
          description="It changes wherever the task is named: in next, and as tasks.name in expressions"
          data-autofocus
          value={next}
          error={wrong}
          onChange={e => setNext(e.currentTarget.value)}
          classNames={{ input: 'g-mono' }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" disabled={wrong !== null}>
            Rename
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
