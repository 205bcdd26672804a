import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { When } from '~/parts/When'

interface FactsProps {
  organisation: Schemas['OrganisationDetail']
  edit: (what: 'rename' | 'tags') => void
}

/** What an organisation is called. */
export function Facts({ organisation: o, edit }: FactsProps) {
  const former = o.former_slugs ?? []
  return (
    <Paper component="section" aria-label="What it is">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>What it is</Title>
          <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={() => edit('rename')}>
            Rename
          </AllowedButton>
        </Group>
        <Fact label="Name">{o.name}</Fact>
        <Fact label="Slug">
          <span className="g-mono">{o.slug}</span>
        </Fact>
        {former.length > 0 && (
          <Fact label="Also found by">
            <span className="g-mono">{former.join(', ')}</span>
          </Fact>
        )}
        <Fact label="Since">
          <When at={o.created_at} />
        </Fact>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Fact label="Tags">
            {(o.tags ?? []).length > 0 ? (
              <Group gap={4} component="span">
                {(o.tags ?? []).map(t => (
                  <Badge key={t} color="gray">
                    {t}
                  </Badge>
                ))}
              </Group>
            ) : (
              <span className="g-quiet">none</span>
            )}
          </Fact>
          <AllowedButton needs="admin" size="xs" variant="default" onClick={() => edit('tags')}>
            Change tags
          </AllowedButton>
        </Group>
      </Stack>
    </Paper>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="md" wrap="nowrap" align="baseline">
      <Text size="sm" className="g-quiet" w={96} style={{ flex: 'none' }}>
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </Group>
  )
}
