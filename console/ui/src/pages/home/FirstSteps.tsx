import { Anchor, Paper, Text, Title } from '@mantine/core'
import { IconCircle, IconCircleCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'

/** What to do when nothing has run yet: each step with whether it is done. */
export function FirstSteps() {
  const organisations = query.useQuery('get', '/organisations')
  const mappings = query.useQuery('get', '/mappings')
  const workflows = query.useQuery('get', '/workflows', { params: { query: { last_run: true } } })
  const all = organisations.data?.organisations ?? []
  const root = all.find(o => !o.parent_id)?.slug ?? '_'
  const instances = query.useQuery(
    'get',
    '/organisations/{org}/instances',
    { params: { path: { org: root } } },
    { enabled: all.length > 0 },
  )
  return (
    <Paper component="section" aria-label="First steps">
      <Title order={2} mb={4}>
        First steps
      </Title>
      <Text size="sm" className="g-quiet" mb="sm">
        Nothing has run in this time. This is the way from here to a workflow that runs for your clients.
      </Text>
      <ul className="g-steps">
        <Step done={(instances.data?.instances?.length ?? 0) > 0}>
          <Anchor component={Link} to="/integrations">
            Connect HaloPSA
          </Anchor>
          , and test the settings
        </Step>
        <Step done={all.length > 1}>
          <Anchor component={Link} to="/organisations">
            Add your clients as organisations
          </Anchor>
          , by hand, from a table or from HaloPSA
        </Step>
        <Step done={(mappings.data?.mappings?.length ?? 0) > 0}>
          <Anchor component={Link} to="/integrations/halo/mapping">
            Map them to their clients in HaloPSA
          </Anchor>
        </Step>
        <Step done={(workflows.data?.workflows?.length ?? 0) > 0}>
          <Anchor component={Link} to="/workflows">
            Write a workflow
          </Anchor>
          , or begin with an example
        </Step>
        <Step done={(workflows.data?.workflows ?? []).some(w => w.last_run)}>
          <b>Test</b> it for an organisation of yours, and watch what it does
        </Step>
      </ul>
    </Paper>
  )
}

function Step({ done, children }: { done: boolean; children: ReactNode }) {
  const Sign = done ? IconCircleCheck : IconCircle
  return (
    <li>
      <Sign
        size={18}
        role="img"
        aria-label={done ? 'done' : 'to do'}
        color={done ? 'var(--g-good)' : 'var(--g-quiet)'}
      />
      <span>{children}</span>
    </li>
  )
}
