import { Alert, Text } from '@mantine/core'
import { Loaded } from '~/parts/Page'
import { type Stage, useTimeline } from '../asked'
import type { Run } from '../run'
import type { Execution } from '../steps'
import { Gantt } from './Gantt'

interface TimelineTabProps {
  run: Run
  executions: Execution[]
  stage: Stage
  ended: boolean
}

/** When each task was at work, and when it waited. */
export function TimelineTab({ run, executions, stage, ended }: TimelineTabProps) {
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
          <Gantt run={run} timeline={told} executions={executions} live={!ended} />
          {told.more && (
            <Text size="xs" className="g-quiet" mt="xs">
              This run did more than is shown here: of the last of it only whole tasks are, without their attempts,
              waits and items. Open a task for the rest.
            </Text>
          )}
        </>
      )}
    </Loaded>
  )
}
