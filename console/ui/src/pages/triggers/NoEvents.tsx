import { Code, Text } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { Empty } from '~/parts/Empty'
import type { Shown } from './shown'

const hints: Record<string, string> = {
  webhook:
    'Copy its address under “Address and curl” into the other system, or send a first event with the curl line there.',
  schedule: 'Its first event comes when it is due. “Fire by hand” makes one now.',
  interval: 'Its first event comes when it is due. “Fire by hand” makes one now.',
  poll: 'The first look only notes what is there already, unless the file says first: all. What is new after that comes here.',
  completion: 'Its first event comes when a run of the other workflow ends. “Fire by hand” makes one now.',
}

/** What stands where a trigger has seen nothing yet. */
export function NoEvents({ trigger }: { trigger: Shown }) {
  return (
    <Empty icon={IconInbox} title="It has seen nothing yet">
      <Text size="sm">
        Each event is kept here with its data, whether it passed the condition, and why not.{' '}
        {hints[trigger.type] ?? 'Somebody starts it: “Fire by hand” does.'}
      </Text>
      <Text size="sm" mt="xs">
        On the command line:{' '}
        <Code>
          gantry triggers fire {trigger.workflow} &quot;{trigger.trigger}&quot;
        </Code>
      </Text>
    </Empty>
  )
}
