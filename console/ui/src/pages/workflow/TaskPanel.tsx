import { ActionIcon, Anchor, Button, Code, Group, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconArrowRight, IconPencil, IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import { type FormEvent, useMemo, useState } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import type { Outline, OutlineTask, OutlineTransition } from '~/parts/graph'
import { InputsOf } from './AddTask'
import { inputsOf } from './edit/read'
import { deleteTask, renameTask, wrongName } from './edit/tasks'
import { setIn } from './edit/values'
import { disconnect } from './edit/ways'
import type { Writer } from './useWriter'

interface TaskPanelProps {
  task: OutlineTask
  outline: Outline
  text: string
  writer: Writer
  readOnly: boolean
  close: () => void
  select: (task: string | null) => void
  addAfter: (task: string) => void
  connectFrom: (task: string) => void
}

/** The selected task: what it does, what follows, and its inputs, whose changes are written into the text. */
export function TaskPanel(props: TaskPanelProps) {
  const { task, outline, text, writer, readOnly, close, select } = props
  const [renaming, setRenaming] = useState(false)
  const inputs = useMemo(() => inputsOf(text, task.name), [text, task.name])
  const calls = task.action ?? task.workflow
  const ways = (outline.transitions ?? []).filter(t => t.from === task.name)
  const remove = () => {
    writer.edit(t => deleteTask(t, task.name))
    select(null)
  }
  return (
    <section className="g-task-panel" aria-label={`Task ${task.name}`}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
              {task.title ?? task.name}
            </Title>
            {task.title && <span className="g-mono g-quiet">{task.name}</span>}
          </div>
          <Group gap={4} wrap="nowrap">
            {!readOnly && (
              <>
                <Tool label="Rename the task" icon={IconPencil} act={() => setRenaming(true)} />
                <Tool label="Delete the task" icon={IconTrash} act={remove} />
              </>
            )}
            <Tool label="Close" icon={IconX} act={close} />
          </Group>
        </Group>
        {calls && <Calls task={task} />}
        <Ways ways={ways} {...props} />
        {calls && inputs.readable && (
          <Stack gap="xs">
            <Title order={3} fz="sm">
              Inputs
            </Title>
            <InputsOf
              key={`${task.name}:${calls}`}
              chosen={task.action ? { kind: 'action', id: task.action } : { kind: 'workflow', id: calls }}
              value={inputs.values}
              disabled={readOnly}
              onChange={value => writer.edit(t => writeInputs(t, task.name, value), true)}
            />
          </Stack>
        )}
        {!inputs.readable && (
          <Text size="sm" className="g-quiet">
            Its inputs cannot be shown as a form until the text can be read.
          </Text>
        )}
      </Stack>
      <Rename
        opened={renaming}
        close={() => setRenaming(false)}
        name={task.name}
        others={(outline.tasks ?? []).map(t => t.name)}
        rename={name => {
          writer.edit(t => renameTask(t, task.name, name))
          select(name)
        }}
      />
    </section>
  )
}

function writeInputs(text: string, task: string, value: Record<string, unknown>): string {
  const given = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
  return setIn(text, ['tasks', task, 'with'], Object.keys(given).length > 0 ? given : undefined)
}

function Tool({ label, icon: Glyph, act }: { label: string; icon: typeof IconX; act: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={act}>
      <Glyph size={17} stroke={1.6} aria-hidden />
    </ActionIcon>
  )
}

function Calls({ task }: { task: OutlineTask }) {
  if (task.workflow) {
    return (
      <Text size="sm">
        Calls the workflow{' '}
        <Anchor component={Link} to={to.workflow(task.workflow)} size="sm" underline="always" className="g-mono">
          {task.workflow}
        </Anchor>
      </Text>
    )
  }
  return <Action id={task.action ?? ''} />
}

function Action({ id }: { id: string }) {
  const { data } = query.useQuery('get', '/actions/{action}', { params: { path: { action: id } } }, { retry: false })
  return (
    <div>
      <Text size="sm">
        <Anchor component={Link} to={to.action(id)} size="sm" underline="always" className="g-mono">
          {id}
        </Anchor>
        {data && ` · ${data.title}`}
        {data?.integration_title && ` · ${data.integration_title}`}
        {data && ` · ${{ read: 'reads', write: 'writes', delete: 'deletes' }[data.effect]}`}
      </Text>
      {data?.description && (
        <Text size="sm" className="g-quiet" lineClamp={4}>
          {data.description}
        </Text>
      )}
    </div>
  )
}

const whenText = { success: 'after success', failure: 'after failure', always: 'always', condition: 'when' }

function Ways({
  ways,
  writer,
  readOnly,
  select,
  task,
  addAfter,
  connectFrom,
}: TaskPanelProps & { ways: OutlineTransition[] }) {
  return (
    <Stack gap={4}>
      <Title order={3} fz="sm">
        What follows
      </Title>
      {ways.length === 0 && (
        <Text size="sm" className="g-quiet">
          Nothing: the branch ends here.
        </Text>
      )}
      {ways.map(way => (
        <Group key={way.index} gap={6} fz="sm" wrap="wrap">
          <span className="g-quiet">
            {task.follow === 'first' && ways.length > 1 ? `${way.index + 1}. ` : ''}
            {whenText[way.kind]}
          </span>
          {way.when && (way.kind === 'condition' || way.when !== 'failed') && way.when !== 'succeeded' && (
            <Code>{way.when}</Code>
          )}
          {(way.publish ?? []).length > 0 && <span className="g-quiet">publishes {way.publish?.join(', ')}</span>}
          <IconArrowRight size={14} aria-label="leads to" />
          {(way.to ?? []).length === 0 && <Target name="the end" remove={() => cut(way)} readOnly={readOnly} />}
          {(way.to ?? []).map(t => (
            <Target
              key={t.task ?? t.word}
              name={t.task ?? t.word ?? ''}
              readOnly={readOnly}
              go={t.task ? () => select(t.task ?? null) : undefined}
              remove={() => cut(way, t.task ?? t.word)}
            />
          ))}
        </Group>
      ))}
      {!readOnly && (
        <Group gap="xs" mt={4}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => addAfter(task.name)}
          >
            Add a task after it
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowRight size={14} />}
            onClick={() => connectFrom(task.name)}
          >
            Connect it to …
          </Button>
        </Group>
      )}
    </Stack>
  )
  function cut(way: OutlineTransition, target?: string) {
    writer.edit(t => disconnect(t, way.from, way.index, target))
  }
}

function Target({
  name,
  go,
  remove,
  readOnly,
}: {
  name: string
  go?: () => void
  remove: () => void
  readOnly: boolean
}) {
  return (
    <Group gap={2} wrap="nowrap">
      {go ? (
        <Anchor component="button" type="button" size="sm" miw={24} mih={24} onClick={go}>
          {name}
        </Anchor>
      ) : (
        <span>{name}</span>
      )}
      {!readOnly && (
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={`Remove the way to ${name}`} onClick={remove}>
          <IconX size={12} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  )
}

interface RenameProps {
  opened: boolean
  close: () => void
  name: string
  others: string[]
  rename: (name: string) => void
}

function Rename(props: RenameProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title={`Rename ${props.name}`} size="sm">
      {props.opened && <RenameForm {...props} />}
    </Modal>
  )
}

function RenameForm({ close, name, others, rename }: RenameProps) {
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
