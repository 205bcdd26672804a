import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Taken } from './edit/taken'
import { isWhole, TakenFields } from './TakenFields'

interface ConnectProps {
  /** The task that the way begins at; null: the dialogue is closed. */
  from: string | null
  /** Where it leads; undefined: that is chosen here. */
  to?: string
  tasks: string[]
  close: () => void
  connect: (from: string, to: string, taken: Taken) => void
}

/** Asks when a task leads to another one. */
export function ConnectDialog(props: ConnectProps) {
  return (
    <Modal opened={props.from !== null} onClose={props.close} title={`What follows ${props.from ?? ''}`} size="md">
      {props.from !== null && <Form {...props} from={props.from} />}
    </Modal>
  )
}

const words = [
  { value: 'noop', label: 'noop: the failure is handled, nothing more to do' },
  { value: 'fail', label: 'fail: fail the run' },
]

function Form({ from, to, tasks, close, connect }: ConnectProps & { from: string }) {
  const [target, setTarget] = useState<string | null>(to ?? null)
  const [taken, setTaken] = useState<Taken>({ kind: 'success' })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!target || !isWhole(taken)) return
    connect(from, target, taken)
    close()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {to ? (
          <Text size="sm">
            <b>{from}</b> leads to <b>{to}</b>.
          </Text>
        ) : (
          <Select
            label="Leads to"
            required
            searchable
            data-autofocus
            value={target}
            onChange={setTarget}
            data={[
              { group: 'Tasks', items: tasks },
              { group: 'Words', items: words },
            ]}
          />
        )}
        <TakenFields value={taken} onChange={setTaken} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" disabled={!target || !isWhole(taken)}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
