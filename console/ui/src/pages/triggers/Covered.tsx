import { Anchor, Group, Paper, Stack, Text } from '@mantine/core'
import { Link } from 'react-router'
import { to, useAddress } from '~/parts/address'
import { Search } from '~/parts/Search'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'
import { Windowed } from '~/parts/Windowed'
import type { Cover, Shown } from './shown'
import { timingOf } from './shown'
import { Times } from './Times'
import { TriggerSwitch } from './TriggerSwitch'

/** The organisations that a trigger covers, each with its own switch. */
export function Covered({ trigger }: { trigger: Shown }) {
  const [search, setSearch] = useAddress('covers')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const all = trigger.covers ?? []
  const shown = all.filter(c => words.every(w => c.name.toLowerCase().includes(w) || c.slug.includes(w)))
  return (
    <Stack gap="sm">
      {all.length > 8 && <Search label="Search an organisation" value={search} onChange={setSearch} maw={320} />}
      {shown.length === 0 ? (
        <Text size="sm" className="g-quiet">
          {all.length === 0
            ? 'Its run_for covers no organisation. Say in the file for whom it runs, such as run_for: {all_managed: true}.'
            : 'No organisation that it covers has this in its name.'}
        </Text>
      ) : (
        <Paper p={0}>
          <Windowed
            label="Organisations that it covers"
            rows={shown}
            id={c => c.id}
            estimate={64}
            maxHeight={600}
            row={c => <Row cover={c} trigger={trigger} />}
          />
        </Paper>
      )}
    </Stack>
  )
}

function Row({ cover: c, trigger }: { cover: Cover; trigger: Shown }) {
  const events = `${to.trigger(trigger.workflow, trigger.trigger)}&organisation=${encodeURIComponent(c.slug)}`
  return (
    <Group
      px="md"
      py="xs"
      gap="md"
      wrap="nowrap"
      justify="space-between"
      align="start"
      style={{ borderBottom: '1px solid var(--g-line)' }}
    >
      <Group gap="md" align="start" style={{ flex: 1 }}>
        <Stack gap={0} style={{ flex: '1 1 220px' }}>
          <Anchor component={Link} to={to.organisation(c.slug)} size="sm" fw={550}>
            {c.name}
          </Anchor>
          <Text size="xs" className="g-quiet">
            {c.enabled ? <span className="g-mono">{c.slug}</span> : (c.why ?? 'switched off')}
          </Text>
        </Stack>
        <Stack gap={2} style={{ flex: '1 1 180px' }}>
          {c.last ? (
            <>
              <Group gap={6}>
                <Status status={c.last.status} />
                <When at={c.last.at} size="xs" />
              </Group>
              <Anchor component={Link} to={events} size="xs" aria-label={`Its events: ${c.name}`}>
                Its events
              </Anchor>
            </>
          ) : (
            <Text size="sm" className="g-quiet">
              no event yet
            </Text>
          )}
        </Stack>
        <Stack gap={0} style={{ flex: '1 1 200px' }}>
          <Times timing={timingOf(c.details)} />
        </Stack>
      </Group>
      <TriggerSwitch trigger={{ ...trigger, enabled: c.enabled, why: c.why }} organisation={c} />
    </Group>
  )
}
