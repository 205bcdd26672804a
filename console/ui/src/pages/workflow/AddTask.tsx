import { Anchor, Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { Catalogue } from './Catalogue'
import type { Choice } from './choices'
import { freeName, type NewTask, wrongName } from './edit/tasks'
import { InputsOf } from './InputsOf'

interface AddTaskProps {
  opened: boolean
  close: () => void
  workflow: string
  tasks: string[]
  /** The task that it is to follow. */
  after?: string
  add: (task: NewTask, after?: string) => void
}

/** Adds a task: an action is looked for, named, and given its inputs. */
export function AddTask(props: AddTaskProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title="Add a task" size="xl">
      {props.opened && <Steps {...props} />}
    </Modal>
  )
}

function Steps(props: AddTaskProps) {
  const [chosen, setChosen] = useState<Choice | null>(null)
  if (!chosen) return <Catalogue workflow={props.workflow} choose={setChosen} />
  return <Details {...props} chosen={chosen} back={() => setChosen(null)} />
}

function Details({ chosen, back, close, tasks, after, add }: AddTaskProps & { chosen: Choice; back: () => void }) {
  const wish = chosen.id.split(/[./]/).at(-1) ?? 'task'
  const [name, setName] = useState(() => freeName(wish, tasks))
  const [behind, setBehind] = useState<string | null>(after ?? null)
  const [inputs, setInputs] = useState<Record<string, unknown>>({})
  const wrong = wrongName(name, tasks)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (wrong) return
    const task = { name, [chosen.kind]: chosen.id, with: inputs } as NewTask
    add(task, behind ?? undefined)
    close()
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <div>
          <Text fw={600}>{chosen.title}</Text>
          <Text size="sm" className="g-quiet">
            {chosen.description}{' '}
            <Anchor
              component={Link}
              to={chosen.kind === 'action' ? to.action(chosen.id) : to.workflow(chosen.id)}
              target="_blank"
              size="sm"
              underline="always"
            >
              All about {chosen.id}
            </Anchor>
          </Text>
        </div>
        <Group align="flex-start" grow>
          <TextInput
            label="Name"
            description="Others read its result as tasks.name.result"
            required
            value={name}
            error={wrong}
            onChange={e => setName(e.currentTarget.value)}
            classNames={{ input: 'g-mono' }}
          />
          <Select
            label="After"
            description="It starts when that task succeeded"
            placeholder="at the end, connected to nothing"
            clearable
            searchable
            value={behind}
            onChange={setBehind}
            data={tasks}
          />
        </Group>
        <InputsOf chosen={chosen} value={inputs} onChange={setInputs} />
        <Group justify="space-between">
          <Button variant="subtle" onClick={back}>
            Another action
          </Button>
          <Button type="submit" disabled={wrong !== null}>
            Add the task
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
