import { Tabs } from '@mantine/core'
import { useParams } from 'react-router'
import { query } from '~/api/client'
import { Loaded, Page } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { Status } from '~/parts/Status'
import { RunActions } from './actions/RunActions'
import { CompareTab } from './CompareTab'
import { DataTab } from './DataTab'
import { RunFacts } from './Facts'
import { Failure } from './Failure'
import { FindTab } from './find/FindTab'
import { Held } from './Held'
import { Overview } from './Overview'
import { usePlace } from './place'
import { RequestsTab } from './RequestsTab'
import type { Run } from './run'
import { TextTab } from './TextTab'
import { TimelineTab } from './timeline/TimelineTab'
import { useRunState } from './useRunState'

/** One run: how it stands, what went wrong, and all that its tasks did. */
export function RunPage() {
  const { run = '' } = useParams()
  const asked = query.useQuery('get', '/runs/{run}', { params: { path: { run }, query: { results: 'none' } } })
  return asked.data ? (
    <RunView run={asked.data} />
  ) : (
    <Page title="Run" above={[{ to: '/runs', label: 'Runs' }]}>
      <Loaded of={asked}>{() => null}</Loaded>
    </Page>
  )
}

function RunView({ run }: { run: Run }) {
  const [place, go] = usePlace()
  const { live, status, ended, executions, lost, text, outline, stage } = useRunState(run)
  const shared = { run, executions, lost, stage, outline }
  const title = outline?.title || run.workflow
  return (
    <Page
      title={title}
      above={[{ to: '/runs', label: 'Runs' }]}
      beside={
        <span role="status">
          <Status status={status} size="lg" />
        </span>
      }
      actions={<RunActions run={run} status={status} executions={executions} />}
    >
      <RunFacts run={run} ended={ended} />
      <Problem error={live.problem} title="The run can no longer be followed here." />
      <Held run={run} ended={ended} executions={executions} />
      <Failure run={run} status={status} executions={executions} lost={lost} />
      <Tabs value={place.tab} onChange={tab => go({ tab: tab ?? '' })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="overview">Overview</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="data">Data</Tabs.Tab>
          <Tabs.Tab value="find">Find</Tabs.Tab>
          <Tabs.Tab value="text">YAML</Tabs.Tab>
          {(ended || place.tab === 'compare') && <Tabs.Tab value="compare">Compare</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <Overview {...shared} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline" pt="md">
          <TimelineTab run={run} executions={executions} stage={stage} ended={ended} />
        </Tabs.Panel>
        <Tabs.Panel value="requests" pt="md">
          <RequestsTab stage={stage} />
        </Tabs.Panel>
        <Tabs.Panel value="data" pt="md">
          <DataTab run={run} stage={stage} />
        </Tabs.Panel>
        <Tabs.Panel value="find" pt="md">
          <FindTab stage={stage} />
        </Tabs.Panel>
        <Tabs.Panel value="text" pt="md">
          <TextTab of={text} />
        </Tabs.Panel>
        <Tabs.Panel value="compare" pt="md">
          <CompareTab run={run} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
