import { Stack, Text } from '@mantine/core'
import { DataView } from '~/parts/DataView'
import { Loaded } from '~/parts/Page'
import { type Stage, useContextOf } from '../asked'
import type { Execution } from '../steps'

/** The published values as an execution saw them when it came up. */
export function TaskContext({ stage, execution: e }: { stage: Stage; execution: Execution }) {
  const context = useContextOf(stage, e.exec)
  return (
    <Loaded of={context} lines={3}>
      {values =>
        values && Object.keys(values).length > 0 ? (
          <Stack gap={4}>
            <Text size="xs" className="g-quiet">
              What was published on the way to it, when it began.
            </Text>
            <DataView value={values} label={`Published values as ${e.name} saw them`} path="ctx" />
          </Stack>
        ) : (
          <Text size="sm" className="g-quiet">
            Nothing had been published on the way to it.
          </Text>
        )
      }
    </Loaded>
  )
}
