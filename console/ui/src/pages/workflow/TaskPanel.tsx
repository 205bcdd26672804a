import { ActionIcon, Group, Stack, Text, Title } from '@mantine/core'
import { IconPencil, IconTrash, IconX } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Outline, OutlineTask } from '~/parts/graph'
import { tell } from '~/parts/tell'
import { Calls } from './Calls'
import { inputsOf } from './edit/read'
import { deleteTask, renameTask } from './edit/tasks'
import { setIn } from './edit/values'
import { InputsOf } from './InputsOf'
import { RenameTask } from './RenameTask'
import type { Writer } from './useWriter'
import { Ways } from './Ways'

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
  const { task, outline, text, writer, readOnly, select } = props
  const [renaming, setRenaming] = useState(false)
  const inputs = useMemo(() => inputsOf(text, task.name), [text, task.name])
  const calls = task.action ?? task.workflow
  const remove = () => {
    writer.edit(t => deleteTask(t, task.name))
    select(null)
    writer.focus()
    tell.done(`${task.name} is deleted, with what led to it. Ctrl-Z in the text brings it back.`)
  }
  const rename = (name: string) => {
    writer.edit(t => renameTask(t, task.name, name))
    select(name)
  }
  return (
    <section className="g-task-panel" aria-label={`Task ${task.name}`}>
      <Stack gap="sm">
        <Head {...props} rename={() => setRenaming(true)} remove={remove} />
        {calls && <Calls task={task} />}
        <Ways {...props} ways={(outline.transitions ?? []).filter(t => t.from === task.name)} />
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
      <RenameTask
        opened={renaming}
        close={() => setRenaming(false)}
        name={task.name}
        others={(outline.tasks ?? []).map(t => t.name)}
        rename={rename}
      />
    </section>
  )
}

function writeInputs(text: string, task: string, value: Record<string, unknown>): string {
  const given = Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined))
  return setIn(text, ['tasks', task, 'with'], Object.keys(given).length > 0 ? given : undefined)
}

type HeadProps = Pick<TaskPanelProps, 'task' | 'readOnly' | 'close'> & { rename: () => void; remove: () => void }

function Head({ task, readOnly, close, rename, remove }: HeadProps) {
  return (
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
            <Tool label="Rename the task" icon={IconPencil} act={rename} />
            <Tool label="Delete the task" icon={IconTrash} act={remove} />
          </>
        )}
        <Tool label="Close" icon={IconX} act={close} />
      </Group>
    </Group>
  )
}

function Tool({ label, icon: Glyph, act }: { label: string; icon: typeof IconX; act: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={act}>
      <Glyph size={17} stroke={1.6} aria-hidden />
    </ActionIcon>
  )
}
