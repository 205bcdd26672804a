import { Anchor, Card, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconPlug, IconSearch } from '@tabler/icons-react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { Sign } from './Badges'
import { Logo } from './Logo'

/** What can be connected, and what is. */
export function IntegrationsPage() {
  const integrations = query.useQuery('get', '/integrations')
  const [search, setSearch] = useAddress('search')
  const wanted = search.toLowerCase()
  return (
    <Page
      title="Integrations"
      about="The systems that workflows work with. Configure one for the MSP, or for a client that has its own, and say which of its clients your organisations are."
    >
      <Loaded of={integrations}>
        {data => {
          const all = data.integrations ?? []
          const shown = all.filter(i => `${i.title} ${i.id} ${i.description ?? ''}`.toLowerCase().includes(wanted))
          return (
            <>
              {all.length > 6 && (
                <TextInput
                  aria-label="Search an integration"
                  placeholder="Search"
                  leftSection={<IconSearch size={16} aria-hidden />}
                  maw={320}
                  value={search}
                  onChange={e => setSearch(e.currentTarget.value)}
                />
              )}
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {shown.map(i => (
                  <Tile key={i.id} integration={i} />
                ))}
              </SimpleGrid>
              {shown.length === 0 && (
                <Empty icon={IconPlug} title={all.length === 0 ? 'No integrations yet' : 'None has this in its name'}>
                  An integration is a folder of YAML below <code>actions/</code>: how a system is reached, and what can
                  be done there. No program code is needed.
                </Empty>
              )}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Tile({ integration }: { integration: Schemas['Integration'] }) {
  const instances = query.useQuery('get', '/instances')
  const mappings = query.useQuery('get', '/mappings', { params: { query: { integration: integration.id } } })
  const own = instances.data?.instances?.filter(i => i.integration === integration.id)
  const mapped = mappings.data?.mappings?.length ?? 0
  return (
    <Card withBorder component="section" aria-label={integration.title}>
      <Stack gap="sm" h="100%">
        <Group wrap="nowrap" align="flex-start">
          <Logo icon={integration.icon} />
          <Stack gap={2} miw={0}>
            <Title order={2} size="h3">
              <Anchor component={Link} to={to.integration(integration.id)} inherit>
                {integration.title}
              </Anchor>
            </Title>
            {own && <State instances={own} />}
          </Stack>
        </Group>
        <Text size="sm" className="g-quiet" lineClamp={3}>
          {integration.description}
        </Text>
        <Group gap="md" mt="auto">
          {own && own.length > 0 && (
            <Text size="sm">
              {own.length} instance{own.length === 1 ? '' : 's'}
            </Text>
          )}
          {integration.mappable && (
            <Anchor component={Link} to={to.mapping(integration.id)} size="sm">
              {mapped} organisation{mapped === 1 ? '' : 's'} mapped
            </Anchor>
          )}
          <Anchor component={Link} to={`/actions?integration=${encodeURIComponent(integration.id)}`} size="sm">
            Actions
          </Anchor>
        </Group>
      </Stack>
    </Card>
  )
}

/** Whether it is configured, and whether all of it worked when it was last tested. */
export function State({ instances }: { instances: Schemas['Instance'][] }) {
  const { mayEverywhere } = useSession()
  const failed = instances.filter(i => i.tested && !i.tested.ok)
  if (instances.length === 0)
    return (
      <Sign color="gray" icon={IconCircleDashed}>
        {mayEverywhere('viewer') ? 'not configured' : 'none of your own'}
      </Sign>
    )
  if (failed.length > 0)
    return (
      <Sign color="red" icon={IconAlertTriangle}>
        {failed.length === 1 ? 'last test failed' : `last tests of ${failed.length} failed`}
      </Sign>
    )
  return (
    <Sign color="green" icon={IconCircleCheck}>
      configured
    </Sign>
  )
}
