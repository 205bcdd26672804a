import { Anchor, Group, Paper, Progress, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { type Period, saved } from './period'

interface Row {
  key: string
  name: string
  to: string
  seconds: number
}

const shown = 6

/** Whom time was saved for, and by what. */
export function TimeSaved({ figures, period }: { figures: Schemas['RunStatisticsOutBody']; period: Period }) {
  const { mayEverywhere } = useSession()
  const [by, setBy] = useState('organisation')
  const rows = by === 'organisation' ? organisations(figures) : workflows(figures)
  const most = Math.max(1, ...rows.map(r => r.seconds))
  const weekly = figures.totals.time_saved_s / (period.days / 7)
  return (
    <Paper component="section" aria-label="Time saved">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Time saved</Title>
        <SegmentedControl
          size="xs"
          aria-label="Time saved by"
          value={by}
          onChange={setBy}
          data={[
            { value: 'organisation', label: 'organisation' },
            { value: 'workflow', label: 'workflow' },
          ]}
        />
      </Group>
      {rows.length === 0 ? (
        <Text size="sm" className="g-quiet">
          {mayEverywhere('viewer') ? (
            <>
              Write <code>time_saved: 5m</code> into a workflow: each run that succeeds is credited with it.
            </>
          ) : (
            'No run of this time has saved any.'
          )}
        </Text>
      ) : (
        <Stack gap="xs">
          {period.days >= 7 && (
            <Text size="sm" className="g-quiet">
              {saved(Math.round(weekly))} a week on average
            </Text>
          )}
          {rows.slice(0, shown).map(r => (
            <Stack key={r.key} gap={2}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Anchor component={Link} to={r.to} size="sm" truncate>
                  {r.name}
                </Anchor>
                <Text size="sm">{saved(r.seconds)}</Text>
              </Group>
              <Progress value={(100 * r.seconds) / most} size="sm" aria-label={`${r.name}: ${saved(r.seconds)}`} />
            </Stack>
          ))}
        </Stack>
      )}
    </Paper>
  )
}

function organisations(figures: Schemas['RunStatisticsOutBody']): Row[] {
  return sorted(
    (figures.by_organisation ?? []).map(o => ({
      key: o.organisation,
      name: o.name || o.organisation,
      to: to.organisation(o.organisation),
      seconds: o.time_saved_s,
    })),
  )
}

function workflows(figures: Schemas['RunStatisticsOutBody']): Row[] {
  return sorted(
    (figures.by_workflow ?? []).map(w => ({
      key: w.workflow,
      name: w.title || w.workflow,
      to: to.workflow(w.workflow),
      seconds: w.time_saved_s,
    })),
  )
}

function sorted(rows: Row[]): Row[] {
  return rows.filter(r => r.seconds > 0).sort((a, b) => b.seconds - a.seconds)
}
