import { Badge, Button, Code, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { IconPackage } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { Search } from '~/parts/Search'
import classes from './crates.module.css'
import { Need } from './Need'

type Crate = Schemas['Crate']

/** The crates that there are: those that ship, and the project's own. */
export function CratesPage() {
  const crates = query.useQuery('get', '/crates')
  return (
    <Page
      title="Crates"
      about="Workflows that belong together, ready to be used: with what they need, what can be set, and their triggers."
    >
      <Loaded of={crates}>
        {({ crates: all }) => ((all ?? []).length === 0 ? <NoCrates /> : <Gallery all={all ?? []} />)}
      </Loaded>
    </Page>
  )
}

function Gallery({ all }: { all: Crate[] }) {
  const [search, setSearch] = useAddress('search')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = all.filter(c => words.every(w => `${c.title} ${c.name} ${c.description}`.toLowerCase().includes(w)))
  return (
    <Stack gap="md">
      {all.length > 6 && <Search value={search} onChange={setSearch} maw={320} />}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="md">
        {shown.map(c => (
          <Tile key={c.name} crate={c} />
        ))}
      </SimpleGrid>
      {shown.length === 0 && (
        <Text size="sm" className="g-quiet">
          No crate fits what is looked for.
        </Text>
      )}
    </Stack>
  )
}

function Tile({ crate: c }: { crate: Crate }) {
  const workflows = c.workflows?.length ?? 0
  return (
    <Paper component="article" className={classes.tile}>
      <Stack gap="xs" h="100%">
        <Group gap="sm" wrap="nowrap" align="start">
          <IconPackage size={28} stroke={1.4} aria-hidden style={{ flex: 'none' }} />
          <Stack gap={0} style={{ minWidth: 0 }}>
            <Title order={2} size="h3">
              <Link to={to.crate(c.name)} className={classes.name}>
                {c.title}
              </Link>
            </Title>
            <Text size="xs" className="g-quiet">
              {c.version} · {c.builtin ? 'ships with Gantry' : 'of this project'} ·{' '}
              {workflows === 1 ? '1 workflow' : `${workflows} workflows`}
            </Text>
          </Stack>
        </Group>
        <Text size="sm" lineClamp={4} style={{ flex: 1 }}>
          {c.description}
        </Text>
        <Group gap={6}>
          {(c.needs ?? []).map(n => (
            <Need key={n.integration} need={n} />
          ))}
          {(c.needs ?? []).length === 0 && <Badge variant="default">needs nothing</Badge>}
        </Group>
      </Stack>
    </Paper>
  )
}

function NoCrates() {
  return (
    <Empty
      icon={IconPackage}
      title="There are no crates"
      actions={
        <Button variant="default" renderRoot={props => <Link {...props} to="/workflows" />}>
          To the workflows
        </Button>
      }
    >
      <Text size="sm">
        A crate is a folder below <Code>crates/</Code> with a <Code>crate.yaml</Code> and workflows. It says which
        integrations it needs and what can be set.
      </Text>
    </Empty>
  )
}
