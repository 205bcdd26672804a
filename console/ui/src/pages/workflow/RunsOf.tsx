import { Anchor } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { Status } from '~/parts/Status'
import { took } from '~/parts/time'
import { useNow, When } from '~/parts/When'

/** The last runs of the workflow. */
export function RunsOf({ workflow }: { workflow: string }) {
  const runs = query.useQuery('get', '/runs', { params: { query: { workflow, limit: 20 } } })
  const now = useNow()
  return (
    <Loaded of={runs}>
      {data =>
        data.runs?.length ? (
          <>
            <List
              label="The last runs"
              rows={data.runs}
              id={r => r.id}
              columns={[
                { label: 'Status', cell: r => <Status status={r.status} /> },
                {
                  label: 'Run',
                  cell: r => (
                    <Anchor component={Link} to={to.run(r.id)} size="sm" className="g-mono">
                      {r.id.slice(0, 13)}
                    </Anchor>
                  ),
                },
                { label: 'Organisation', cell: r => r.organisation },
                { label: 'Started', cell: r => <When at={r.started_at ?? r.created_at} /> },
                { label: 'Took', cell: r => took(r.started_at, r.finished_at, now) },
              ]}
            />
            <Anchor component={Link} to={`/runs?workflow=${encodeURIComponent(workflow)}`} size="sm">
              All runs of this workflow
            </Anchor>
          </>
        ) : (
          <Empty icon={IconPlayerPlay} title="It has not run yet">
            Test it on an organisation, or let a trigger start it: each run then stands here with what it did.
          </Empty>
        )
      }
    </Loaded>
  )
}
