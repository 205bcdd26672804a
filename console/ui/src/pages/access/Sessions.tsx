import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { List } from '~/parts/List'
import { When } from '~/parts/When'

type Session = Schemas['AccessSession']

/** Where somebody is signed in. */
export function Sessions({
  sessions,
  end,
  endAll,
  all,
}: {
  sessions: Session[]
  end?: (id: string) => void
  endAll: () => void
  all: string
}) {
  if (sessions.length === 0)
    return (
      <Text size="sm" className="g-quiet">
        Nowhere signed in.
      </Text>
    )
  return (
    <Stack gap="xs">
      <List
        label="Sessions"
        rows={sessions}
        id={s => s.id}
        columns={[
          {
            label: 'Browser',
            cell: s => (
              <Group gap="xs">
                {browserOf(s.browser)}
                {s.current && <Badge>this one</Badge>}
              </Group>
            ),
          },
          { label: 'Address', cell: s => <span className="g-mono">{s.address}</span> },
          { label: 'Last used', cell: s => <When at={s.used_at} /> },
          { label: 'Began', cell: s => <When at={s.created_at} /> },
          { label: 'Ends', cell: s => <When at={s.ends_at} /> },
          {
            label: '',
            align: 'right',
            cell: s =>
              end &&
              !s.current && (
                <Button size="compact-xs" variant="subtle" onClick={() => end(s.id)}>
                  End it
                </Button>
              ),
          },
        ]}
      />
      <Group>
        <Button variant="default" size="xs" onClick={endAll}>
          {all}
        </Button>
      </Group>
    </Stack>
  )
}

/** What a browser calls itself, in a word or two: `Firefox on Windows`. */
export function browserOf(agent: string): string {
  const name = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => agent.includes(mark ?? ''))?.[1]
  const system = ['Windows', 'Android', 'iPhone', 'iPad', 'Mac OS', 'Linux'].find(s => agent.includes(s))
  if (!name) return agent.slice(0, 60) || 'unknown'
  return system ? `${name} on ${system === 'Mac OS' ? 'macOS' : system}` : name
}
