import { SegmentedControl, Stack } from '@mantine/core'
import { useMemo } from 'react'
import { query } from '~/api/client'
import { useSession } from '~/app/session'
import { useAddress } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { useNow } from '~/parts/When'
import { Failures } from './Failures'
import { Figures } from './Figures'
import { FirstSteps } from './FirstSteps'
import { beginOf, periodOf, periods } from './period'
import { RunsOverTime } from './RunsOverTime'
import { TimeSaved } from './TimeSaved'
import { Upcoming } from './Upcoming'
import { WaitingForPeople } from './WaitingForPeople'

/** What happened, what failed, what waits, what comes. */
export function HomePage() {
  const [chosen, setPeriod] = useAddress('period', '7d')
  const [organisation, setOrganisation] = useAddress('organisation')
  const { mayEverywhere } = useSession()
  const period = periodOf(chosen)
  const now = useNow()
  const since = beginOf(period, now).toISOString()
  const tz = useMemo(() => Intl.DateTimeFormat().resolvedOptions().timeZone, [])
  const figures = query.useQuery(
    'get',
    '/statistics/runs',
    { params: { query: { since, bucket: period.bucket, tz, ...(organisation ? { organisation } : {}) } } },
    { placeholderData: before => before },
  )
  return (
    <Page
      title="Home"
      actions={
        <>
          <OrganisationPicker
            label="Organisation"
            unlabelled
            none="all organisations"
            value={organisation}
            onChange={setOrganisation}
            w={220}
          />
          <SegmentedControl
            aria-label="Period"
            data={periods.map(p => ({ value: p.id, label: p.label }))}
            value={period.id}
            onChange={setPeriod}
          />
        </>
      }
    >
      <Loaded of={figures}>
        {data => (
          <Stack>
            {data.totals.runs === 0 && mayEverywhere('viewer') && <FirstSteps />}
            <Figures figures={data} since={since} organisation={organisation} />
            <div className="g-columns">
              <Stack>
                <Failures organisation={organisation} />
                <RunsOverTime buckets={data.buckets ?? []} period={period} organisation={organisation} />
              </Stack>

              <Stack>
                <WaitingForPeople organisation={organisation} />
                <Upcoming />
                <TimeSaved figures={data} period={period} />
              </Stack>
            </div>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}
