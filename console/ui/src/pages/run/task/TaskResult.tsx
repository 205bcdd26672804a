import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { DataView } from '~/parts/DataView'
import { bytes } from '~/parts/data/size'
import { Loaded } from '~/parts/Page'
import { CopyMock } from '../actions/CopyMock'
import { type Stage, type Unit, useItemResults, useResult } from '../asked'
import type { Ended } from '../mock'
import type { Execution } from '../steps'
import type { Item } from './items'

/** Results up to this size are shown at once, in bytes. */
const small = 256 * 1024

interface TaskResultProps {
  stage: Stage
  execution: Execution
  unit: Unit
  /** Of a for_each: the item that is looked at, when it has begun. */
  item?: Item
}

/** What a task gave, or an item of its for_each. */
export function TaskResult({ stage, execution: e, unit, item }: TaskResultProps) {
  if (unit.item !== undefined) return <ItemResult stage={stage} name={e.name} unit={unit} item={item} />
  if (!e.finishedAt) return <NotYet status={e.status} />
  if (e.items) return <ItemResults stage={stage} execution={e} />
  return <OneResult stage={stage} execution={e} unit={unit} />
}

function NotYet({ status }: { status: string }) {
  const why: Record<string, string> = {
    queued: 'It has not begun yet.',
    waiting: 'It waits: there is a result when that is over.',
  }
  return (
    <Text size="sm" className="g-quiet">
      {why[status] ?? 'It is still at work.'}
    </Text>
  )
}

/** The results of all items, where there is room for them. */
function ItemResults({ stage, execution: e }: { stage: Stage; execution: Execution }) {
  const results = useItemResults(stage, e.exec, true)
  return (
    <Loaded of={results} lines={4}>
      {value =>
        value === null ? (
          <Text size="sm" className="g-quiet">
            The results of all items together are too large to be shown at once: choose an item under Items.
          </Text>
        ) : (
          <Given task={{ name: e.name, status: e.status, result: value, error: e.error, each: true }} />
        )
      }
    </Loaded>
  )
}

function ItemResult({ stage, name, unit, item }: { stage: Stage; name: string; unit: Unit; item?: Item }) {
  const over = item?.finishedAt !== undefined
  const result = useResult(stage, unit, over)
  if (!over) return <NotYet status={item?.status ?? 'queued'} />
  return (
    <Loaded of={result} lines={4}>
      {value => (
        <Given
          task={{ name, status: item.status, result: value, error: item.error }}
          path={`tasks.${name}.result[${unit.item}].result`}
        />
      )}
    </Loaded>
  )
}

// A large result comes when it is asked for.
function OneResult({ stage, execution: e, unit }: { stage: Stage; execution: Execution; unit: Unit }) {
  const [wanted, setWanted] = useState(false)
  const large = (e.bytes ?? 0) > small
  const result = useResult(stage, unit, !large || wanted)
  if (large && !wanted)
    return (
      <Group>
        <Text size="sm">The result has {bytes(e.bytes ?? 0)}.</Text>
        <Button size="xs" variant="default" onClick={() => setWanted(true)}>
          Show it
        </Button>
      </Group>
    )
  return (
    <Loaded of={result} lines={4}>
      {value => <Given task={{ name: e.name, status: e.status, result: value, error: e.error }} />}
    </Loaded>
  )
}

function Given({ task, path = `tasks.${task.name}.result` }: { task: Ended; path?: string }) {
  return (
    <Stack gap="xs">
      {task.result === null ? (
        <Text size="sm" className="g-quiet">
          It gave no result.
        </Text>
      ) : (
        <DataView value={task.result} label={`Result of ${task.name}`} path={path} />
      )}
      <CopyMock task={task} />
    </Stack>
  )
}
