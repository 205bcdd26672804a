import { Paper, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { saved } from './period'

interface Props {
  figures: Schemas['RunStatisticsOutBody']
  since: string
  organisation: string
}

/** The figures at the top, each a way to the runs that it counts. */
export function Figures({ figures: { totals, now }, since, organisation }: Props) {
  const runs = (more: Record<string, string>) => {
    const params = new URLSearchParams({ ...(organisation ? { organisation } : {}), ...more })
    return `/runs?${params}`
  }
  const share =
    totals.runs > 0
      ? `${((100 * totals.succeeded) / totals.runs).toFixed(totals.succeeded === totals.runs ? 0 : 1)} %`
      : '–'
  const going = now.running + now.queued
  return (
    <div className="g-figures">
      <Figure label="Runs" value={totals.runs.toLocaleString('en-GB')} to={runs({ since })} />
      <Figure label="Succeeded" value={share} to={runs({ since, status: 'succeeded' })} />
      <Figure
        label="Failed or timed out"
        value={(totals.failed + totals.timed_out).toLocaleString('en-GB')}
        to={runs({ since, status: 'failed' })}
        bad={totals.failed + totals.timed_out > 0}
      />
      <Figure label="Going on now" value={going.toLocaleString('en-GB')} to={runs({ status: 'running' })} />
      <Figure
        label="Waiting or paused"
        value={(now.waiting + now.paused).toLocaleString('en-GB')}
        to={runs({ status: 'waiting' })}
      />
      <Figure label="Time saved" value={saved(totals.time_saved_s)} to={runs({ since, status: 'succeeded' })} />
    </div>
  )
}

function Figure({ label, value, to, bad }: { label: string; value: string; to: string; bad?: boolean }) {
  return (
    <Paper component={Link} to={to} p="sm" td="none" c="inherit" className="g-tile">
      <Text size="xs" className="g-quiet">
        {label}
      </Text>
      <Text fz={22} fw={650} c={bad ? 'var(--g-bad)' : undefined}>
        {value}
      </Text>
    </Paper>
  )
}
