import { Anchor, Button, Group, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useAddress } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { CodeView } from '~/parts/code'
import { Empty } from '~/parts/Empty'
import { OrganisationPicker, useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { Search } from '~/parts/Search'
import { fits, type Narrowed } from './filter'
import { kindNames, kindOf } from './kinds'
import { TriggerList } from './TriggerList'

type Trigger = Schemas['TriggersListed']

/** All triggers of all workflows: what starts by itself, and what became of it last. */
export function TriggersPage() {
  const [organisation, setOrganisation] = useAddress('organisation')
  const triggers = query.useQuery('get', '/triggers', { params: { query: organisation ? { organisation } : {} } })
  return (
    <Page
      title="Triggers"
      about="What starts workflows by itself: by the clock, when another system calls, when something new is there."
    >
      <Loaded of={triggers}>
        {({ triggers: all }) =>
          (all ?? []).length === 0 && !organisation ? (
            <NoTriggers />
          ) : (
            <Narrowing all={all ?? []} organisation={organisation} setOrganisation={setOrganisation} />
          )
        }
      </Loaded>
    </Page>
  )
}

interface NarrowingProps {
  all: Trigger[]
  organisation: string
  setOrganisation: (slug: string) => void
}

function Narrowing({ all, organisation, setOrganisation }: NarrowingProps) {
  const [type, setType] = useAddress('type')
  const [workflow, setWorkflow] = useAddress('workflow')
  const [state, setState] = useAddress('state')
  const [search, setSearch] = useAddress('search')
  const nameOf = useOrganisationName()
  const narrowed: Narrowed = { type, workflow, state, search }
  const shown = all.filter(t => fits(t, narrowed, nameOf))
  const workflows = useMemo(() => [...new Set(all.map(t => t.workflow))], [all])
  const types = kindNames.filter(k => k === type || all.some(t => t.type === k))
  return (
    <Stack gap="sm">
      <Group align="end" gap="sm">
        <Search
          placeholder="Name, workflow, condition"
          value={search}
          onChange={setSearch}
          w={{ base: '100%', xs: 240 }}
        />
        <Select
          label="Type"
          placeholder="all types"
          clearable
          data={types.map(t => ({ value: t, label: kindOf(t).label }))}
          value={type || null}
          onChange={setType}
          w={{ base: '47%', xs: 150 }}
        />
        <Select
          label="Workflow"
          placeholder="all workflows"
          clearable
          searchable
          data={workflows}
          value={workflow || null}
          onChange={setWorkflow}
          w={{ base: '47%', xs: 230 }}
        />
        <OrganisationPicker
          label="Fires for"
          value={organisation}
          onChange={setOrganisation}
          none="whichever organisation"
          w={230}
        />
        <SegmentedControl
          aria-label="Which of them"
          value={state || 'all'}
          onChange={v => setState(v === 'all' ? null : v)}
          data={[
            { value: 'all', label: 'All' },
            { value: 'on', label: 'On' },
            { value: 'off', label: 'Off' },
            { value: 'failed', label: 'Last one failed' },
          ]}
        />
      </Group>
      <Text size="sm" className="g-quiet" role="status">
        {shown.length === all.length ? `${all.length} triggers` : `${shown.length} of ${all.length} triggers`}
      </Text>
      <TriggerList triggers={shown} />
    </Stack>
  )
}

const example = `triggers:
  - name: every morning
    type: schedule
    cron: 0 8 * * mon-fri
    timezone: Europe/London
    run_for: {all_managed: true}
  - name: new ticket
    type: webhook
    verify: {basic: {user: halo, secret: halo_webhook_password}}
    when: body.ticket.priority_id == 1
    inputs: {ticket_id: "\${{ body.object_id }}"}
`

function NoTriggers() {
  return (
    <Empty
      icon={IconBolt}
      title="No workflow has a trigger yet"
      actions={
        <Button renderRoot={props => <Link {...props} to="/workflows" />} variant="default">
          To the workflows
        </Button>
      }
    >
      <Stack gap="xs">
        <Text size="sm">
          A trigger says what starts a workflow, and for which organisations. It stands in the workflow&apos;s file;
          this is what one looks like. Once it is published, it is listed here with what it saw.
        </Text>
        <div style={{ position: 'relative', textAlign: 'left' }}>
          <CodeView text={example} language="yaml" label="An example of triggers" />
          <div style={{ position: 'absolute', top: 4, right: 4 }}>
            <Copy text={example} label="Copy the example" />
          </div>
        </div>
        <Text size="sm">
          <Anchor component={Link} to="/actions" size="sm" underline="always">
            The actions
          </Anchor>{' '}
          say what its tasks can do.
        </Text>
      </Stack>
    </Empty>
  )
}
