import { Stack, Text } from '@mantine/core'
import { DataView } from '~/parts/DataView'
import { Loaded } from '~/parts/Page'
import { type Stage, type Unit, useInputs } from '../asked'
import type { Execution } from '../steps'

/** What a task was given, as its expressions came out. */
export function TaskInputs({ stage, execution: e, unit }: { stage: Stage; execution: Execution; unit: Unit }) {
  const inputs = useInputs(stage, unit)
  if (e.items && unit.item === undefined)
    return (
      <Text size="sm" className="g-quiet">
        Each item has inputs of its own: choose one under Items.
      </Text>
    )
  return (
    <Loaded of={inputs} lines={3}>
      {told =>
        told?.inputs && Object.keys(told.inputs).length > 0 ? (
          <Stack gap={4}>
            {told.attempt > 1 && (
              <Text size="xs" className="g-quiet">
                Of attempt {told.attempt}, the last one.
              </Text>
            )}
            <DataView value={told.inputs} label={`Inputs of ${e.name}`} />
          </Stack>
        ) : (
          <Text size="sm" className="g-quiet">
            It was given nothing.
          </Text>
        )
      }
    </Loaded>
  )
}
