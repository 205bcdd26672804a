import {
  Anchor,
  Badge,
  Button,
  Group,
  Modal,
  ScrollArea,
  Select,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { IconRoute, IconSearch } from '@tabler/icons-react'
import { type FormEvent, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { SchemaForm } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import { type Choice, choicesOf, fitting } from './choices'
import { freeName, type NewTask, wrongName } from './edit/tasks'

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

const shownAtMost = 80

function Catalogue({ workflow, choose }: { workflow: string; choose: (choice: Choice) => void }) {
  const [words, setWords] = useState('')
  const actions = query.useQuery('get', '/actions')
  const workflows = query.useQuery('get', '/workflows')
  const all = useMemo(
    () => choicesOf(actions.data?.actions ?? [], workflows.data?.workflows ?? [], workflow),
    [actions.data, workflows.data, workflow],
  )
  const found = useMemo(() => fitting(all, words), [all, words])
  const [first] = found
  return (
    <Stack>
      <TextInput
        aria-label="Search an action or a workflow"
        placeholder="What is it to do? Such as: close ticket, send mail, wait"
        leftSection={<IconSearch size={16} aria-hidden />}
        data-autofocus
        value={words}
        onChange={e => setWords(e.currentTarget.value)}
        onKeyDown={e => {
          if (e.key === 'Enter' && words && first) choose(first)
        }}
      />
      <Loaded of={actions}>
        {() => (
          <>
            <Text size="sm" className="g-quiet" role="status">
              {found.length > shownAtMost
                ? `The first ${shownAtMost} of ${found.length}; type a word to find others.`
                : `${found.length} found.`}
            </Text>
            <ScrollArea.Autosize mah={440} type="auto" viewportProps={{ tabIndex: -1 }}>
              <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                {found.slice(0, shownAtMost).map(choice => (
                  <li key={`${choice.kind}:${choice.id}`}>
                    <Line choice={choice} choose={() => choose(choice)} />
                  </li>
                ))}
              </Stack>
            </ScrollArea.Autosize>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Line({ choice, choose }: { choice: Choice; choose: () => void }) {
  return (
    <UnstyledButton className="g-choice" onClick={choose} w="100%" p="xs">
      <Group gap="xs" wrap="wrap">
        <Text fw={600} size="sm">
          {choice.title}
        </Text>
        <Text span className="g-mono g-quiet" size="sm">
          {choice.id}
        </Text>
        {choice.effect && (
          <Badge size="sm" variant="default">
            {choice.effect}
          </Badge>
        )}
        {choice.kind === 'workflow' && (
          <Badge size="sm" variant="default" leftSection={<IconRoute size={12} aria-hidden />}>
            workflow
          </Badge>
        )}
      </Group>
      <Text size="sm" className="g-quiet" lineClamp={2}>
        {choice.deprecated ? `Not for new tasks: ${choice.deprecated}` : choice.description}
      </Text>
    </UnstyledButton>
  )
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

interface InputsProps {
  chosen: Pick<Choice, 'kind' | 'id'>
  value: Record<string, unknown>
  onChange: (value: Record<string, unknown>) => void
  disabled?: boolean
}

/** The inputs of an action or a workflow as a form, of which each field can be an expression. */
export function InputsOf({ chosen, ...form }: InputsProps) {
  return chosen.kind === 'action' ? <OfAction id={chosen.id} {...form} /> : <OfWorkflow id={chosen.id} {...form} />
}

type Form = Omit<InputsProps, 'chosen'> & { id: string }

function OfAction({ id, ...form }: Form) {
  const action = query.useQuery('get', '/actions/{action}', { params: { path: { action: id } } })
  return (
    <Loaded of={action} lines={3}>
      {data => <Fields schema={data.input_schema} order={data.inputs?.map(i => i.name)} {...form} />}
    </Loaded>
  )
}

function OfWorkflow({ id, ...form }: Form) {
  const shown = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: id } } })
  return (
    <Loaded of={shown} lines={3}>
      {data => <Fields schema={data.inputs ?? {}} order={data.input_order ?? undefined} {...form} />}
    </Loaded>
  )
}

function Fields({ schema, ...form }: Omit<Form, 'id'> & { schema: Record<string, unknown>; order?: string[] }) {
  if (Object.keys(schema.properties ?? {}).length === 0 && schema.additionalProperties === false) {
    return (
      <Text size="sm" className="g-quiet">
        It takes no inputs.
      </Text>
    )
  }
  return <SchemaForm schema={schema} expressions {...form} />
}
