import { Stack, Text } from '@mantine/core'
import type { Outline } from '~/parts/graph'
import { Loaded } from '~/parts/Page'
import { type Stage, useTimeline } from '../asked'
import { ledTo } from '../lost'
import { PublishedValues } from '../PublishedValues'
import type { Execution } from '../steps'

interface TaskPublishedProps {
  stage: Stage
  execution: Execution
  outline?: Outline | null
}

/** What the transitions of a task published when it had ended, and where they led. */
export function TaskPublished({ stage, execution: e, outline }: TaskPublishedProps) {
  const timeline = useTimeline(stage, e.name)
  return (
    <Loaded of={timeline} lines={3}>
      {told => {
        const own = told.published?.filter(p => p.exec === e.exec) ?? []
        const led = ledTo(e, told, outline)
        return (
          <Stack gap="sm">
            {led.length > 0 && <Text size="sm">It led on to {led.join(', ')}.</Text>}
            {own.map(p => (
              <PublishedValues key={`${p.seq} ${p.transition}`} publication={p} />
            ))}
            {own.length === 0 && (
              <Text size="sm" className="g-quiet">
                {e.finishedAt
                  ? 'Its transitions published nothing.'
                  : 'Transitions publish values when the task has ended.'}
              </Text>
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}
