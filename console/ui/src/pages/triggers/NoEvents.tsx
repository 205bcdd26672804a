import { Text } from '@mantine/core'
import { IconInbox } from '@tabler/icons-react'
import { Empty } from '~/parts/Empty'
import type { Shown } from './shown'

const hints: Record<string, string> = {
  webhook:
    'Copy its address under “Address and curl” into the other system, or send a first event with the curl line there.',
  schedule: 'Its first event comes when it is due. “Fire by hand” makes one now.',
  interval: 'Its first event comes when it is due. “Fire by hand” makes one now.',
  poll: 'The first look only notes what is there already, unless the file says first: all. What is new after that comes here.',
  form: 'Its first event comes when somebody fills in the form: “Fill in the form” above.',
  always_pass:
    'Runs that people start on a page for tests stand under Runs; what is fired here is kept with what came of it.',
  completion: 'Its first event comes when a run of the other workflow ends. “Fire by hand” makes one now.',
}

/** What stands where a trigger has seen nothing yet. */
export function NoEvents({ trigger }: { trigger: Shown }) {
  return (
    <Empty icon={IconInbox} title="It has seen nothing yet">
      <Text size="sm">
        Each event is kept here with its data, whether it passed the condition, and why not. {hints[trigger.type]}
      </Text>
    </Empty>
  )
}
