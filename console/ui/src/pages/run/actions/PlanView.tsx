import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Fault } from '~/api/fault'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { type Plan, settled, told, type Unresolved } from './plan'

interface PlanViewProps {
  plan: Plan
  /** Something else is gone to. */
  onGo: () => void
}

/** The steps of a plan, and what is in the way. */
export function PlanView({ plan, onGo }: PlanViewProps) {
  return (
    <Stack gap="xs">
      <Problem error={plan.problem && new Fault(0, plan.problem)} />
      <Misfits of={plan.misfits ?? []} />
      <ToBeTold writes={plan.unresolved ?? []} onGo={onGo} />
      <List size="sm" aria-label="What it will do">
        {settled(plan).map((s, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps stand in one order
          <List.Item key={i}>{told(s)}</List.Item>
        ))}
        {plan.done > 0 && (
          <List.Item>
            Keep {plan.done} {plan.done === 1 ? 'task that is done' : 'tasks that are done'}
          </List.Item>
        )}
        {plan.was && (
          <List.Item>
            Use version {plan.version} of the workflow instead of {plan.was}
          </List.Item>
        )}
      </List>
      {plan.parts?.map(part => (
        <Stack key={part.run} gap={4} pl="md">
          <Text size="sm" fw={550}>
            In its run of {part.workflow}
          </Text>
          <PlanView plan={part} onGo={onGo} />
        </Stack>
      ))}
    </Stack>
  )
}

/** Where the version that it is to go on with does not fit what has been done. */
function Misfits({ of }: { of: NonNullable<Plan['misfits']> }) {
  if (of.length === 0) return null
  return (
    <Alert color="red" title="That version does not fit what has been done.">
      <List size="sm">
        {of.map(m => (
          <List.Item key={`${m.task} ${m.what}`}>
            {m.task ? <b>{m.task}: </b> : ''}
            {m.what} was {m.was || 'nothing'}, and is {m.is || 'nothing'} now
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** The writes of which somebody has to say first what became of them: of this run, or of one that it called. */
function ToBeTold({ writes, onGo }: { writes: Unresolved[]; onGo: () => void }) {
  if (writes.length === 0) return null
  return (
    <Alert color="orange" icon={<IconHelpCircle aria-hidden />} title="Say first what became of these writes.">
      <Text size="sm">Their answers were lost, and nobody knows whether they were done.</Text>
      <Group gap="xs" mt={6}>
        {writes.map(u => (
          <Button
            key={`${u.run} ${u.task} ${u.instance} ${u.item ?? ''}`}
            component={Link}
            to={placeOf(u)}
            size="compact-sm"
            variant="default"
            onClick={onGo}
          >
            {u.task}
            {u.item === undefined ? '' : `, item ${u.item}`}
          </Button>
        ))}
      </Group>
    </Alert>
  )
}

function placeOf(u: Unresolved): string {
  const place = {
    task: u.task,
    instance: String(u.instance),
    ...(u.item === undefined ? {} : { item: String(u.item) }),
  }
  return `${to.run(u.run)}?${new URLSearchParams(place)}`
}
