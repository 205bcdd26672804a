import { Badge, Button, Tabs } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { query } from '~/api/client'
import { to, useAddress } from '~/parts/address'
import { Loaded, Page } from '~/parts/Page'
import { OrganisationInstances } from './OrganisationInstances'
import { OrganisationMappings } from './OrganisationMappings'
import { Overview } from './Overview'
import { pathTo } from './tree'
import { Variables } from './Variables'

/** One organisation: where it stands, and what it has. */
export function OrganisationPage() {
  const { org = '' } = useParams()
  const [tab, setTab] = useAddress('tab', 'overview')
  const detail = query.useQuery('get', '/organisations/{org}', { params: { path: { org } } })
  const organisations = query.useQuery('get', '/organisations')
  const all = useMemo(() => organisations.data?.organisations ?? [], [organisations.data])
  const slug = detail.data?.slug ?? org
  const path = useMemo(() => pathTo(all, slug), [all, slug])
  const above = [
    { to: '/organisations', label: 'Organisations' },
    ...path.slice(0, -1).map(o => ({ to: to.organisation(o.slug), label: o.name })),
  ]
  return (
    <Page
      title={detail.data?.name ?? org}
      above={above}
      beside={
        detail.data && (
          <>
            <span className="g-quiet g-mono">{detail.data.slug}</span>
            {!detail.data.enabled && <Badge color="gray">switched off</Badge>}
          </>
        )
      }
      actions={
        <Button
          component={Link}
          to={`/runs?organisation=${encodeURIComponent(slug)}`}
          variant="default"
          leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
        >
          Runs
        </Button>
      }
    >
      <Loaded of={detail}>
        {o => (
          <Tabs key={o.slug} value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="overview">Overview</Tabs.Tab>
              <Tabs.Tab value="variables">Variables</Tabs.Tab>
              <Tabs.Tab value="integrations">Integrations</Tabs.Tab>
              <Tabs.Tab value="mappings">Mappings</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="overview" pt="md">
              <Overview organisation={o} all={all} />
            </Tabs.Panel>
            <Tabs.Panel value="variables" pt="md">
              <Variables organisation={o} all={all} />
            </Tabs.Panel>
            <Tabs.Panel value="integrations" pt="md">
              <OrganisationInstances organisation={o} />
            </Tabs.Panel>
            <Tabs.Panel value="mappings" pt="md">
              <OrganisationMappings organisation={o} />
            </Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
    </Page>
  )
}
