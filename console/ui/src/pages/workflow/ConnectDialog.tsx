import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Taken } from './edit/ways'

interface ConnectProps {
  /** The task that the way begins at; null: the dialogue is closed. */
  from: string | null
  /** Where it leads; undefined: that is chosen here. */
  to?: string
  tasks: string[]
  close: () => void
  connect: (from: string, to: string, taken: Taken) => void
}

const kinds = [
  { value: 'success', label: 'After success', description: 'The task did its work' },
  { value: 'failure', label: 'After failure', description: 'It failed or timed out; the failure counts as handled' },
  { value: 'always', label: 'Always', description: 'Whatever became of it' },
  { value: 'condition', label: 'When a condition holds', description: 'An expression over result, error, succeeded …' },
] as const

/** Asks when a task leads to another one. */
export function ConnectDialog(props: ConnectProps) {
  return (
    <Modal opened={props.from !== null} onClose={props.close} title={`What follows ${props.from ?? ''}`} size="md">
      {props.from !== null && <Form {...props} from={props.from} />}
    </Modal>
  )
}

function Form({ from, to, tasks, close, connect }: ConnectProps & { from: string }) {
  const [target, setTarget] = useState<string | null>(to ?? null)
  const [kind, setKind] = useState<Taken['kind']>('success')
  const [when, setWhen] = useState('succeeded && ')
  const [label, setLabel] = useState('')
  const words = [
    { value: 'noop', label: 'noop: the failure is handled, nothing more to do' },
    { value: 'fail', label: 'fail: fail the run' },
  ]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!target) return
    connect(from, target, { kind, when: kind === 'condition' ? when : undefined, label: label.trim() || undefined })
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
        <Radio.Group label="When" value={kind} onChange={value => setKind(value as Taken['kind'])}>
          <Stack gap="xs" mt={4}>
            {kinds.map(k => (
              <Radio key={k.value} {...k} />
            ))}
          </Stack>
        </Radio.Group>
        {kind === 'condition' && (
          <TextInput
            label="Condition"
            description="An expression, without braces"
            required
            value={when}
            onChange={e => setWhen(e.currentTarget.value)}
            classNames={{ input: 'g-mono' }}
          />
        )}
        <TextInput
          label="Label"
          description="A word for the graph; it may stay empty"
          value={label}
          onChange={e => setLabel(e.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button type="submit" disabled={!target || (kind === 'condition' && when.trim() === '')}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
