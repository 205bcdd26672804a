import { ActionIcon, Anchor, Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconArrowRight, IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutlineTask, OutlineTransition } from '~/parts/graph'
import { changeWay } from './edit/way'
import { disconnect } from './edit/ways'
import type { Writer } from './useWriter'
import { targetsOf, WayDialog } from './WayDialog'

interface WaysProps {
  task: OutlineTask
  ways: OutlineTransition[]
  writer: Writer
  readOnly: boolean
  select: (task: string | null) => void
  addAfter: (task: string) => void
  connectFrom: (task: string) => void
}

/** What follows a task, and when. */
export function Ways({ ways, task, writer, readOnly, select, addAfter, connectFrom }: WaysProps) {
  const [changing, setChanging] = useState<OutlineTransition | null>(null)
  const cut = (way: OutlineTransition, target?: string) => writer.edit(t => disconnect(t, way.from, way.index, target))
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
        <Way
          key={way.index}
          way={way}
          ranked={task.follow === 'first' && ways.length > 1}
          readOnly={readOnly}
          select={select}
          cut={target => cut(way, target)}
          change={() => setChanging(way)}
        />
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
      <WayDialog
        way={changing}
        close={() => setChanging(null)}
        change={(way, taken) => writer.edit(t => changeWay(t, way.from, way.index, taken))}
      />
    </Stack>
  )
}

const kinds = { success: 'after success', failure: 'after failure', always: 'always', condition: 'when' }

interface WayProps {
  way: OutlineTransition
  /** The first one that holds is taken: they are numbered. */
  ranked: boolean
  readOnly: boolean
  select: (task: string | null) => void
  cut: (target?: string) => void
  change: () => void
}

function Way({ way, ranked, readOnly, select, cut, change }: WayProps) {
  const said = way.kind !== 'condition' && (!way.when || way.when === 'failed' || way.when === 'succeeded')
  return (
    <Group gap={6} fz="sm" wrap="wrap">
      <span className="g-quiet">
        {ranked ? `${way.index + 1}. ` : ''}
        {kinds[way.kind]}
      </span>
      {!said && <Code>{way.when}</Code>}
      {(way.publish ?? []).length > 0 && <span className="g-quiet">publishes {way.publish?.join(', ')}</span>}
      {!readOnly && (
        <ActionIcon
          size={24}
          variant="subtle"
          color="gray"
          aria-label={`Change when it leads to ${targetsOf(way)}`}
          title="Change when"
          onClick={change}
        >
          <IconAdjustmentsHorizontal size={14} aria-hidden />
        </ActionIcon>
      )}
      <IconArrowRight size={14} aria-label="leads to" />
      {(way.to ?? []).length === 0 && <Target name="the end" remove={() => cut()} readOnly={readOnly} />}
      {(way.to ?? []).map(t => (
        <Target
          key={t.task ?? t.word}
          name={t.task ?? t.word ?? ''}
          readOnly={readOnly}
          go={t.task ? () => select(t.task ?? null) : undefined}
          remove={() => cut(t.task ?? t.word)}
        />
      ))}
    </Group>
  )
}

interface TargetProps {
  name: string
  go?: () => void
  remove: () => void
  readOnly: boolean
}

function Target({ name, go, remove, readOnly }: TargetProps) {
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
