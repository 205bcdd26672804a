import { Button, Group, Modal, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { OutlineTransition } from '~/parts/graph'
import { type Taken, takenOf } from './edit/taken'
import { isWhole, TakenFields } from './TakenFields'

interface WayDialogProps {
  /** null: the dialogue is closed. */
  way: OutlineTransition | null
  close: () => void
  change: (way: OutlineTransition, taken: Taken) => void
}

/** Changes when a way is taken. */
export function WayDialog({ way, ...rest }: WayDialogProps) {
  return (
    <Modal opened={way !== null} onClose={rest.close} title={way ? titleOf(way) : ''} size="md">
      {way && <Form way={way} {...rest} />}
    </Modal>
  )
}

export const targetsOf = (way: OutlineTransition) =>
  (way.to ?? []).map(t => t.task ?? t.word ?? '').join(', ') || 'the end'

const titleOf = (way: OutlineTransition) => `When ${way.from} leads to ${targetsOf(way)}`

function Form({ way, close, change }: WayDialogProps & { way: OutlineTransition }) {
  const [taken, setTaken] = useState<Taken>(() => takenOf(way))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isWhole(taken)) return
    change(way, taken)
    close()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TakenFields value={taken} onChange={setTaken} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" disabled={!isWhole(taken)}>
            Change it
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
