import { Anchor, Badge, Stack } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { Quiet, Section } from '~/parts/Section'

type Trigger = Schemas['WorkflowTrigger']

/** What starts the workflow as it is in use: its triggers, and other workflows. */
export function TriggersOf({
  workflow,
  triggers,
  usedBy,
}: {
  workflow: string
  triggers: Trigger[]
  usedBy: string[]
}) {
  return (
    <Stack>
      {(triggers.length > 0 || usedBy.length === 0) && <Triggers workflow={workflow} triggers={triggers} />}
      {usedBy.length > 0 && <UsedBy workflows={usedBy} />}
    </Stack>
  )
}

function UsedBy({ workflows }: { workflows: string[] }) {
  return (
    <Section title="Used by">
      <Quiet>These workflows lead to it: by a task, by on_failure, or by a trigger that waits for its end.</Quiet>
      <List
        label="Used by"
        rows={workflows}
        id={w => w}
        columns={[
          {
            label: 'Workflow',
            cell: w => (
              <Anchor component={Link} to={to.workflow(w)} size="sm" className="g-mono">
                {w}
              </Anchor>
            ),
          },
        ]}
      />
    </Section>
  )
}

function Triggers({ workflow, triggers }: { workflow: string; triggers: Trigger[] }) {
  if (triggers.length === 0) {
    return (
      <Empty icon={IconBolt} title="Nothing starts this workflow yet">
        Write <code>triggers</code> into its text: a webhook, a schedule, a form, a question put to an outside system
        now and then, or <code>always_pass</code>, with which people start it by hand. After publishing they stand here.
      </Empty>
    )
  }
  return (
    <List
      label="Triggers"
      rows={triggers}
      id={t => t.name}
      columns={[
        {
          label: 'Trigger',
          cell: t => (
            <Anchor component={Link} to={to.trigger(workflow, t.name)} size="sm">
              {t.name}
            </Anchor>
          ),
        },
        { label: 'Type', cell: t => <span className="g-mono">{t.type}</span> },
        { label: 'In the file', cell: t => <Badge variant="default">{t.enabled ? 'on' : 'off'}</Badge> },
      ]}
    />
  )
}
