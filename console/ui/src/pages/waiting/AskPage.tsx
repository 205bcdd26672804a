import { Anchor, Badge, Code, Group, Paper, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Coming, Page } from '~/parts/Page'
import { When } from '~/parts/When'
import { Answered } from './Answered'
import { AskForm } from './AskForm'
import { NotOpen } from './NotOpen'

type AskDetail = Schemas['AskDetail']
type Answer = Schemas['AnswerAskOutBody']

const above = [{ to: '/waiting', label: 'Waiting for you' }]

/** A question with all that helps to answer it, and where it is answered. */
export function AskPage() {
  const { run = '', task = '' } = useParams()
  const [item] = useAddress('item')
  return <OneAsk key={`${run}/${task}/${item}`} run={run} task={task} item={item} />
}

function OneAsk({ run, task, item }: { run: string; task: string; item: string }) {
  const [given, setGiven] = useState<{ ask: AskDetail; answer: Answer } | null>(null)
  const ask = query.useQuery(
    'get',
    '/runs/{run}/asks/{task}',
    { params: { path: { run, task }, query: item ? { item } : {} } },
    { enabled: given === null, retry: false },
  )
  if (given)
    return (
      <Page title={given.ask.question} above={above}>
        <Answered ask={given.ask} answer={given.answer} />
      </Page>
    )
  if (ask.data && !ask.error)
    return (
      <Page title={ask.data.question} above={above} beside={<Beside ask={ask.data} />}>
        <Stack gap="md" maw={720}>
          <About ask={ask.data} />
          <AskForm
            ask={ask.data}
            done={answer => setGiven({ ask: ask.data, answer })}
            again={() => void ask.refetch()}
          />
          <Who ask={ask.data} />
        </Stack>
      </Page>
    )
  return (
    <Page title="A question" above={above}>
      {ask.isPending ? <Coming lines={4} /> : <NotOpen error={ask.error} run={run} />}
    </Page>
  )
}

function Beside({ ask }: { ask: AskDetail }) {
  return ask.run_status === 'paused' ? <Badge variant="default">its run is paused</Badge> : null
}

function About({ ask }: { ask: AskDetail }) {
  const nameOf = useOrganisationName()
  const details = ask.details ?? []
  return (
    <Paper>
      <Stack gap="sm">
        {details.length > 0 && (
          <Stack gap={6} component="dl" m={0}>
            {details.map(d => (
              <Group key={`${d.name}:${d.text}`} gap="xs" wrap="wrap" align="baseline">
                {d.name && (
                  <Text component="dt" size="sm" className="g-quiet" miw={110}>
                    {d.name}
                  </Text>
                )}
                <Text
                  component="dd"
                  m={0}
                  size="sm"
                  style={{ flex: '1 1 200px', overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}
                >
                  {d.text}
                </Text>
              </Group>
            ))}
          </Stack>
        )}
        <Text size="sm" className="g-quiet" component="div">
          <Anchor component={Link} to={to.organisation(ask.organisation)} size="sm" underline="always">
            {nameOf(ask.organisation)}
          </Anchor>
          {' · '}
          <Anchor component={Link} to={to.workflow(ask.workflow)} size="sm" underline="always">
            {ask.workflow}
          </Anchor>
          {' · '}
          <Anchor component={Link} to={to.run(ask.run)} size="sm" underline="always">
            its run
          </Anchor>
          {ask.item !== undefined && ` · entry ${ask.item + 1}`}
          <br />
          asked <When at={ask.since} />
          {ask.until ? (
            <>
              , time is up <When at={ask.until} />
            </>
          ) : (
            ', can be answered as long as the run goes on'
          )}
        </Text>
      </Stack>
    </Paper>
  )
}

function Who({ ask }: { ask: AskDetail }) {
  const users = ask.who.users ?? []
  return (
    <Stack gap={6}>
      <Text size="sm" className="g-quiet">
        {users.length > 0
          ? `Only ${users.join(', ')} may answer, with the role ${ask.who.role} or a higher one.`
          : `Whoever has the role ${ask.who.role} over the organisation, or a higher one, may answer.`}
        {ask.who.link && ' So may whoever has the link.'} Of several answers the first one counts.
      </Text>
      {ask.link && (
        <Group gap="xs" wrap="nowrap" align="start">
          <Code style={{ overflowWrap: 'anywhere' }}>{ask.link}</Code>
          <Copy text={ask.link} label="Copy the link for others" />
        </Group>
      )}
    </Stack>
  )
}
