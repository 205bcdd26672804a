import { Anchor, Badge, Code, Group, List, Stack, Text } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { asSchema } from '~/parts/form'
import { Loaded, Page } from '~/parts/Page'
import { Quiet, Section } from '~/parts/Section'
import { Fields } from '../actions/Fields'
import { fieldRows } from '../actions/shapes'
import { kindOf } from '../triggers/kinds'
import { FileRow } from './FileRow'
import { Need } from './Need'

type Crate = Schemas['ShowCrateOutBody']

/** A crate: what it does, what it needs, what can be set, its workflows, its files. */
export function CratePage() {
  const { crate: name = '' } = useParams()
  const crate = query.useQuery('get', '/crates/{crate}', { params: { path: { crate: name } } })
  const c = crate.data
  return (
    <Page
      title={c?.title ?? name}
      about={c?.description}
      above={[{ to: '/crates', label: 'Crates' }]}
      beside={
        c && (
          <Group gap={6}>
            <Badge variant="default">{c.version}</Badge>
            <Badge variant="default">{c.builtin ? 'ships with Gantry' : 'of this project'}</Badge>
          </Group>
        )
      }
    >
      <Loaded of={crate}>{detail => <Parts crate={detail} />}</Loaded>
    </Page>
  )
}

function Parts({ crate: c }: { crate: Crate }) {
  const settings = useMemo(() => fieldRows(asSchema(c.settings.schema), c.settings.order ?? []), [c])
  const needs = c.needs ?? []
  return (
    <Stack gap="md">
      {c.docs && (
        <Anchor href={c.docs} target="_blank" rel="noreferrer" size="sm" style={{ alignSelf: 'start' }}>
          Its handbook <IconExternalLink size={14} aria-hidden />
        </Anchor>
      )}
      <Section title="What it needs">
        {needs.length === 0 && <Quiet>It needs no integration.</Quiet>}
        {needs.map(n => (
          <Group key={n.integration} gap="sm" align="baseline">
            <Need need={n} />
            <Text size="sm" style={{ flex: '1 1 260px' }}>
              It {n.why}.
            </Text>
            <Anchor component={Link} to={to.integration(n.integration)} size="sm">
              {n.configured ? `Look at ${n.title}` : `Configure ${n.title}`}
            </Anchor>
          </Group>
        ))}
      </Section>
      <Section title="Workflows">
        {(c.parts ?? []).map(w => (
          <Workflow key={w.id} workflow={w} />
        ))}
      </Section>
      <Section title="What can be set">
        {settings.length > 0 ? (
          <>
            <Quiet>
              {c.builtin
                ? 'Its workflows read these, with the values that stand here.'
                : 'Its workflows read these, with the values that its crate.yaml gives them.'}
            </Quiet>
            <Fields label="Settings" rows={settings} />
          </>
        ) : (
          <Quiet>Nothing: it works as it is.</Quiet>
        )}
      </Section>
      <Section title="Files">
        {c.builtin && (
          <Quiet>
            They are part of Gantry and cannot be changed here. To change a workflow, publish its text under another
            name.
          </Quiet>
        )}
        {(c.files ?? []).map(f => (
          <FileRow key={f.name} file={f} />
        ))}
      </Section>
    </Stack>
  )
}

function Workflow({ workflow: w }: { workflow: Schemas['CrateWorkflow'] }) {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Anchor component={Link} to={to.workflow(w.id)} size="sm" fw={550}>
          {w.title || w.id}
        </Anchor>
        <Code>{w.id}</Code>
        {w.broken && <Badge variant="default">does not check</Badge>}
      </Group>
      {w.description && <Text size="sm">{w.description}</Text>}
      {(w.triggers ?? []).length > 0 && (
        <List size="sm" listStyleType="none">
          {(w.triggers ?? []).map(t => (
            <List.Item key={t.name}>
              <Group gap={6}>
                <Anchor component={Link} to={to.trigger(w.id, t.name)} size="sm">
                  {t.name}
                </Anchor>
                <Text span size="sm" className="g-quiet">
                  {kindOf(t.type).label !== t.name && kindOf(t.type).label}
                  {!t.enabled && ', off in the file'}
                </Text>
              </Group>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
