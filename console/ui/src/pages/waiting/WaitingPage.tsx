import { Badge, Button, Code, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconChevronRight, IconMessageCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { OrganisationPicker, useOrganisationName } from '~/parts/OrganisationPicker'
import { Loaded, Page } from '~/parts/Page'
import { When } from '~/parts/When'
import { type Ask, groupsOf, idOf } from './groups'
import classes from './waiting.module.css'

/** The questions that runs wait for, the oldest first. */
export function WaitingPage() {
  const [organisation, setOrganisation] = useAddress('organisation')
  const asks = query.useInfiniteQuery(
    'get',
    '/asks',
    { params: { query: { limit: 100, ...(organisation ? { organisation } : {}) } } },
    { pageParamName: 'after', initialPageParam: '', getNextPageParam: page => page.next || undefined },
  )
  return (
    <Page
      title="Waiting for you"
      about="Runs that stand still until somebody answers. Those that wait longest come first."
    >
      <Loaded of={asks}>
        {data => {
          const all = data.pages.flatMap(p => p.asks ?? [])
          return (
            <>
              {(all.length > 1 || organisation) && (
                <OrganisationPicker
                  label="Organisation"
                  value={organisation}
                  onChange={setOrganisation}
                  none="all organisations"
                  w={280}
                />
              )}
              {all.length === 0 ? <NothingWaits narrowed={organisation !== ''} /> : <Questions asks={all} />}
              {asks.hasNextPage && (
                <Group justify="center">
                  <Button variant="default" onClick={() => void asks.fetchNextPage()} loading={asks.isFetchingNextPage}>
                    Show more
                  </Button>
                </Group>
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Questions({ asks }: { asks: Ask[] }) {
  const nameOf = useOrganisationName()
  return (
    <Stack gap="md" maw={860}>
      {groupsOf(asks).map(g => (
        <Stack key={g.organisation} gap="xs" component="section" aria-label={nameOf(g.organisation) || 'Questions'}>
          {g.organisation && (
            <Title order={2} size="h3">
              {nameOf(g.organisation)} ({g.asks.length})
            </Title>
          )}
          {g.asks.map(a => (
            <Question key={idOf(a)} ask={a} organisation={nameOf(a.organisation)} />
          ))}
        </Stack>
      ))}
    </Stack>
  )
}

function Question({ ask: a, organisation }: { ask: Ask; organisation: string }) {
  return (
    <Paper component={Link} to={to.ask(a.run, a.task, a.item)} className={classes.question}>
      <Group wrap="nowrap" gap="sm" justify="space-between">
        <Stack gap={4} style={{ minWidth: 0 }}>
          <Text fw={550} style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
            {a.question}
          </Text>
          <Text size="sm" className="g-quiet" component="div">
            {organisation} · <span className="g-mono">{a.workflow}</span>
            {a.item !== undefined && ` · entry ${a.item + 1}`}
          </Text>
          <Group gap="xs">
            <Text size="sm" className="g-quiet" component="div">
              asked <When at={a.since} />
              {a.until && (
                <>
                  , time is up <When at={a.until} />
                </>
              )}
            </Text>
            {!a.may_answer && <Badge variant="default">others answer this</Badge>}
            {a.run_status === 'paused' && <Badge variant="default">its run is paused</Badge>}
          </Group>
        </Stack>
        <IconChevronRight size={20} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
      </Group>
    </Paper>
  )
}

function NothingWaits({ narrowed }: { narrowed: boolean }) {
  return (
    <Empty
      icon={IconMessageCheck}
      title={narrowed ? 'Nothing of this organisation waits for anybody' : 'Nothing waits for you'}
    >
      <Text size="sm">
        When a workflow needs somebody to decide, its task <Code>core.ask</Code> puts a question here, and the run goes
        on with the answer.
      </Text>
      <Text size="sm" mt="xs">
        The action{' '}
        <Link to={to.action('core.ask')} className="g-link">
          Ask People
        </Link>{' '}
        tells how.
      </Text>
    </Empty>
  )
}
