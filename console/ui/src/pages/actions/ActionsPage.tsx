import { Badge, Button, Code, Group, Paper, Select, Stack, Switch, Text, Title } from '@mantine/core'
import { IconBook2 } from '@tabler/icons-react'
import { useDeferredValue, useMemo } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { Search } from '~/parts/Search'
import { Windowed } from '~/parts/Windowed'
import classes from './actions.module.css'
import { core, integrationOf, narrowed, type Row, rowsOf } from './catalogue'
import { Effect } from './Effect'

/** The catalogue: all that tasks can do. */
export function ActionsPage() {
  const actions = query.useQuery('get', '/actions')
  return (
    <Page
      title="Actions"
      about="What the tasks of a workflow can do, by the system that does it. Each can be tried for an organisation."
    >
      <Loaded of={actions} lines={12}>
        {({ actions: all }) => <Catalogue all={all ?? []} />}
      </Loaded>
    </Page>
  )
}

function Catalogue({ all }: { all: Schemas['Action'][] }) {
  const [search, setSearch] = useAddress('search')
  const [integration, setIntegration] = useAddress('integration')
  const [effect, setEffect] = useAddress('effect')
  const [deprecated, setDeprecated] = useAddress('deprecated')
  const titles = useIntegrationTitles()
  const sought = useDeferredValue(search)
  const shown = useMemo(
    () => narrowed(all, { search: sought, integration, effect, deprecated: deprecated === 'yes' }),
    [all, sought, integration, effect, deprecated],
  )
  const rows = useMemo(() => rowsOf(shown, sought), [shown, sought])
  const integrations = [...new Set(all.map(integrationOf))]
  return (
    <Stack gap="sm">
      <Group align="end" gap="sm">
        <Search
          placeholder="What it does, or its name"
          value={search}
          onChange={setSearch}
          w={{ base: '100%', xs: 300 }}
        />
        <Select
          label="Integration"
          placeholder="all"
          clearable
          data={integrations.map(i => ({ value: i, label: titles(i) }))}
          value={integration || null}
          onChange={setIntegration}
          w={{ base: '47%', xs: 170 }}
        />
        <Select
          label="Effect"
          placeholder="all"
          clearable
          data={[
            { value: 'read', label: 'reads' },
            { value: 'write', label: 'writes' },
            { value: 'delete', label: 'deletes' },
          ]}
          value={effect || null}
          onChange={setEffect}
          w={{ base: '47%', xs: 130 }}
        />
        {all.some(a => a.deprecated) && (
          <Switch
            label="Also those not to be used any more"
            checked={deprecated === 'yes'}
            onChange={e => setDeprecated(e.currentTarget.checked ? 'yes' : null)}
            mb={8}
          />
        )}
      </Group>
      <Text size="sm" className="g-quiet" role="status">
        {shown.length === all.length ? `${all.length} actions` : `${shown.length} of ${all.length} actions`}
      </Text>
      {rows.length === 0 ? (
        <NothingFits />
      ) : (
        <Paper p={0}>
          <Windowed
            label="Actions"
            rows={rows}
            id={r => `${r.kind} ${r.id}`}
            estimate={58}
            maxHeight="max(320px, calc(100dvh - 280px))"
            row={r => <CatalogueRow row={r} titleOf={titles} />}
          />
        </Paper>
      )}
    </Stack>
  )
}

function CatalogueRow({ row, titleOf }: { row: Row; titleOf: (id: string) => string }) {
  if (row.kind === 'integration')
    return (
      <Group className={classes.integration} gap="xs">
        <Title order={2} size="h3">
          {titleOf(row.id)}
        </Title>
        <Badge variant="default">{row.count}</Badge>
      </Group>
    )
  if (row.kind === 'group')
    return (
      <Title order={3} size="sm" className={classes.group}>
        {row.title}
      </Title>
    )
  const { action: a } = row
  return (
    <Link to={to.action(a.id)} className={classes.action}>
      <Stack gap={0} style={{ minWidth: 0, flex: 1 }}>
        <Group gap="xs">
          <Text size="sm" fw={550}>
            {a.title}
          </Text>
          <Text size="xs" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
            {a.id}
          </Text>
          {a.deprecated && <Badge variant="default">not to be used any more</Badge>}
        </Group>
        <Text size="sm" className="g-quiet" lineClamp={2}>
          {a.description}
        </Text>
      </Stack>
      <Effect effect={a.effect} />
    </Link>
  )
}

/** What integrations are called; their ids where that is not known. */
function useIntegrationTitles(): (id: string) => string {
  const all = query.useQuery('get', '/integrations')
  const titles = new Map(all.data?.integrations?.map(i => [i.id, i.title]))
  return id => (id === core ? 'Gantry' : (titles.get(id) ?? id))
}

function NothingFits() {
  return (
    <Empty
      icon={IconBook2}
      title="No action fits what is looked for"
      actions={
        <Button variant="default" renderRoot={props => <Link {...props} to="/actions" />}>
          Show all actions
        </Button>
      }
    >
      <Text size="sm">
        A system has more than the catalogue knows: its generic action, such as <Code>halo.api_request</Code>, sends any
        request, and a few lines of YAML below <Code>actions/</Code> make an action of your own.
      </Text>
    </Empty>
  )
}
