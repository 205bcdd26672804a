import { Anchor, Code, Divider, Paper, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'
import { firesInWords, forWhom } from './kinds'
import { rhythmInWords } from './rhythm'
import type { Shown } from './shown'
import { awaitedOf, timingOf } from './shown'
import { Times } from './Times'

/** What a trigger is, at a glance. */
export function Facts({ trigger: t }: { trigger: Shown }) {
  const nameOf = useOrganisationName()
  const { mayEverywhere } = useSession()
  const rhythm = rhythmInWords(t)
  const { workflow, ends, asks } = awaitedOf(t.details)
  const one = t.covers?.length === 1 ? t.covers[0] : undefined
  const clock = timingOf(one ? one.details : t.details)
  return (
    <Paper>
      <SimpleGrid cols={{ base: 2, lg: 4 }} spacing={{ base: 'sm', sm: 'lg' }}>
        <Fact label="Starts">
          <Anchor component={Link} to={to.workflow(t.workflow)} size="sm">
            {t.title || t.workflow}
          </Anchor>
          <Text size="xs" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
            {t.workflow}
          </Text>
        </Fact>
        <Fact label="For">
          <Text size="sm">{forWhom(t.run_for, nameOf)}</Text>
          <Text size="xs" className="g-quiet">
            {firesInWords(t)}
          </Text>
        </Fact>
        {(rhythm || workflow) && (
          <Fact label="Fires">
            {workflow && (
              <Text size="sm">
                after{' '}
                <Anchor component={Link} to={to.workflow(workflow)} size="sm">
                  {workflow}
                </Anchor>{' '}
                has {ends}
              </Text>
            )}
            {asks && (
              <Text size="sm" className="g-mono" style={{ overflowWrap: 'anywhere' }}>
                {asks}
              </Text>
            )}
            {rhythm && <Text size="sm">{rhythm}</Text>}
            {t.cron && <Code style={{ alignSelf: 'start' }}>{t.cron}</Code>}
            <Times timing={clock} />
          </Fact>
        )}
        <Fact label="Last event">
          {t.last ? (
            <Stack gap={2} align="start">
              <Status status={t.last.status} />
              <When at={t.last.at} />
            </Stack>
          ) : (
            <Text size="sm" className="g-quiet">
              none yet
            </Text>
          )}
        </Fact>
      </SimpleGrid>
      <Divider my="sm" />
      <Fact label="Condition (when)">
        {t.when ? (
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {t.when}
          </Code>
        ) : (
          <Text size="sm" className="g-quiet">
            {mayEverywhere('viewer')
              ? 'none: every event passes'
              : 'Only people of the MSP can read it, for it may name other clients.'}
          </Text>
        )}
      </Fact>
    </Paper>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack gap={4}>
      <Text size="xs" className="g-quiet" fw={550}>
        {label}
      </Text>
      {children}
    </Stack>
  )
}
