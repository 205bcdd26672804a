import { Alert, Anchor, Badge, Group, List, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link, useParams } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { CodeView } from '~/parts/code'
import { asSchema } from '~/parts/form'
import { Loaded, Page } from '~/parts/Page'
import { Quiet, Section } from '~/parts/Section'
import { Effect } from './Effect'
import { authorsTask, exampleTask } from './example'
import { Fields } from './Fields'
import { notesOf } from './notes'
import { fieldRows } from './shapes'
import { TryIt } from './TryIt'

type Detail = Schemas['ActionDetail']

/** An action: what it does, takes and gives, how a task uses it, and what it does when it is tried. */
export function ActionPage() {
  const { action: id = '' } = useParams()
  const action = query.useQuery('get', '/actions/{action}', { params: { path: { action: id } } })
  const a = action.data
  return (
    <Page
      title={a?.title ?? id}
      about={a?.description}
      above={[{ to: '/actions', label: 'Actions' }]}
      beside={
        a && (
          <Group gap="xs">
            <Effect effect={a.effect} />
            {a.deprecated && <Badge variant="default">not to be used any more</Badge>}
          </Group>
        )
      }
    >
      <Loaded of={action}>{detail => <Parts key={detail.id} action={detail} />}</Loaded>
    </Page>
  )
}

function Parts({ action }: { action: Detail }) {
  const [tab, setTab] = useAddress('tab', 'about')
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text size="sm" className="g-mono">
          {action.id}
        </Text>
        <Copy text={action.id} label="Copy its id" />
        {action.endpoint && (
          <Text size="sm" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
            {action.endpoint}
          </Text>
        )}
      </Group>
      {action.deprecated && (
        <Alert variant="default" icon={<IconAlertTriangle />} title="Not to be used any more">
          {action.deprecated}
        </Alert>
      )}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="about">What it takes and gives</Tabs.Tab>
          <Tabs.Tab value="try">Try it</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="about">
          <Reference action={action} />
        </Tabs.Panel>
        <Tabs.Panel value="try">
          <TryIt action={action} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function Reference({ action: a }: { action: Detail }) {
  const notes = notesOf(a)
  const inputs = useMemo(
    () =>
      fieldRows(
        asSchema(a.input_schema),
        (a.inputs ?? []).map(f => f.name),
      ),
    [a],
  )
  const result = useMemo(
    () =>
      fieldRows(
        asSchema(a.result_schema),
        (a.result?.fields ?? []).map(f => f.name),
      ),
    [a],
  )
  const uses = a.used_by ?? []
  return (
    <Stack gap="md">
      <Example action={a} />
      {notes.length > 0 && (
        <Section title="Good to know">
          <List size="sm" spacing={4}>
            {notes.map(n => (
              <List.Item key={n}>{n}</List.Item>
            ))}
          </List>
        </Section>
      )}
      <Section title="Inputs">
        {inputs.length > 0 ? <Fields label="Inputs" rows={inputs} /> : <Quiet>It takes none.</Quiet>}
      </Section>
      <Section title="Result">
        {a.result ? <Quiet>{a.result.type}</Quiet> : <Quiet>It gives nothing.</Quiet>}
        {result.length > 0 && <Fields label="Fields of the result" rows={result} />}
      </Section>
      <Section title="Used by">
        {uses.length === 0 && <Quiet>No workflow uses it yet. Copy the example above into one.</Quiet>}
        {uses.length > 0 && (
          <List size="sm" spacing={4}>
            {uses.map(u => (
              <List.Item key={u.workflow}>
                <Anchor component={Link} to={to.workflow(u.workflow)} size="sm" underline="always">
                  {u.title || u.workflow}
                </Anchor>{' '}
                <Text span size="sm" className="g-quiet">
                  <span className="g-mono">{u.workflow}</span>, task {(u.tasks ?? []).join(', ')}
                </Text>
              </List.Item>
            ))}
          </List>
        )}
      </Section>
    </Stack>
  )
}

function Example({ action: a }: { action: Detail }) {
  const own = Object.keys(a.example.with ?? {}).length > 0
  const [which, setWhich] = useState('needed')
  const text = which === 'author' ? authorsTask(a) : exampleTask(a)
  return (
    <Section title="As a task">
      {own && (
        <SegmentedControl
          size="xs"
          aria-label="Which example"
          value={which}
          onChange={setWhich}
          style={{ alignSelf: 'start', maxWidth: '100%' }}
          data={[
            { value: 'needed', label: 'What it needs' },
            { value: 'author', label: a.example.title || 'An example' },
          ]}
        />
      )}
      <Group gap="xs" wrap="nowrap" align="start">
        <div style={{ flex: 1, minWidth: 0 }}>
          <CodeView key={which} text={text.trimEnd()} language="yaml" label={`${a.title} as a task`} />
        </div>
        <Copy text={text} label="Copy the task" />
      </Group>
    </Section>
  )
}
