import { Alert, Text } from '@mantine/core'
import { Loaded } from '~/parts/Page'
import { type Stage, useTimeline } from '../asked'
import type { Run } from '../run'
import { Gantt } from './Gantt'

/** When each task was at work, and when it waited. */
export function TimelineTab({ run, stage, ended }: { run: Run; stage: Stage; ended: boolean }) {
  const timeline = useTimeline(stage)
  return (
    <Loaded of={timeline}>
      {told => (
        <>
          {told.problem && (
            <Alert color="orange" mb="sm" title={told.problem.message}>
              {told.problem.hint}
            </Alert>
          )}
          <Gantt run={run} timeline={told} live={!ended} />
          {told.more && (
            <Text size="xs" className="g-quiet" mt="xs">
              This run did more than is shown here: look at its tasks one by one for the rest.
            </Text>
          )}
        </>
      )}
    </Loaded>
  )
}
