import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { DataView } from '~/parts/DataView'
import { bytes } from '~/parts/data/size'
import { Loaded } from '~/parts/Page'
import { CopyMock } from '../actions/CopyMock'
import { type Stage, type Unit, useItemResults, useResult } from '../asked'
import type { Execution } from '../steps'

/** Results up to this size are shown at once, in bytes. */
const small = 256 * 1024

interface TaskResultProps {
  stage: Stage
  execution: Execution
  unit: Unit
}

/** What a task gave, or an item of its for_each. */
export function TaskResult(props: TaskResultProps) {
  const { execution: e, unit } = props
  if (e.items && unit.item === undefined && e.finishedAt) return <ItemResults {...props} />
  return <OneResult {...props} />
}

/** The results of all items, where there is room for them. */
function ItemResults({ stage, execution: e }: TaskResultProps) {
  const results = useItemResults(stage, e.exec, true)
  return (
    <Loaded of={results} lines={4}>
      {value =>
        value === null ? (
          <Text size="sm" className="g-quiet">
            The results of all items together are too large to be shown at once: choose an item under Items.
          </Text>
        ) : (
          <Stack gap="xs">
            <DataView value={value} label={`Result of ${e.name}`} path={`tasks.${e.name}.result`} />
            <Group>
              <CopyMock task={{ name: e.name, status: e.status, result: value, error: e.error }} />
            </Group>
          </Stack>
        )
      }
    </Loaded>
  )
}

// A large result comes when it is asked for.
function OneResult({ stage, execution: e, unit }: TaskResultProps) {
  const [wanted, setWanted] = useState(false)
  const large = unit.item === undefined && (e.bytes ?? 0) > small
  const over = e.finishedAt !== undefined && e.finishedAt !== null
  const result = useResult(stage, unit, (over || unit.item !== undefined) && (!large || wanted))
  if (!over && unit.item === undefined)
    return (
      <Text size="sm" className="g-quiet">
        {e.status === 'waiting' ? 'It waits: there is a result when that is over.' : 'It is still at work.'}
      </Text>
    )
  if (large && !wanted)
    return (
      <Group>
        <Text size="sm">The result has {bytes(e.bytes ?? 0)}.</Text>
        <Button size="xs" variant="default" onClick={() => setWanted(true)}>
          Show it
        </Button>
      </Group>
    )
  const path = unit.item === undefined ? `tasks.${e.name}.result` : `tasks.${e.name}.result[${unit.item}].result`
  return (
    <Loaded of={result} lines={4}>
      {value => (
        <Stack gap="xs">
          {value === null ? (
            <Text size="sm" className="g-quiet">
              It gave no result.
            </Text>
          ) : (
            <DataView value={value} label={`Result of ${e.name}`} path={path} />
          )}
          {unit.item === undefined && (
            <Group>
              <CopyMock task={{ name: e.name, status: e.status, result: value, error: e.error }} />
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  )
}
