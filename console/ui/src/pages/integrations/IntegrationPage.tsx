import { Anchor, Button, Group, Stack, Title } from '@mantine/core'
import { IconArrowsLeftRight, IconBook2, IconPlug, IconSettings } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { to, useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { ConfigureInstance } from './ConfigureInstance'
import { Instances } from './Instances'
import { State } from './IntegrationsPage'
import { mappedUnder } from './mappedUnder'

/** An integration: its instances over all organisations. */
export function IntegrationPage() {
  const { integration: id = '' } = useParams()
  const integration = query.useQuery('get', '/integrations/{integration}', { params: { path: { integration: id } } })
  const above = [{ to: '/integrations', label: 'Integrations' }]
  if (!integration.data)
    return (
      <Page title={id} above={above}>
        <Loaded of={integration}>{() => null}</Loaded>
      </Page>
    )
  return <OfIntegration integration={integration.data} />
}

function OfIntegration({ integration }: { integration: Schemas['Integration'] }) {
  const [configure, setConfigure] = useAddress('configure')
  const ours = useSession().mayEverywhere('viewer')
  const instances = query.useQuery('get', '/instances', { params: { query: { integration: integration.id } } })
  const mappings = query.useQuery('get', '/mappings', { params: { query: { integration: integration.id } } })
  const organisations = query.useQuery('get', '/organisations')
  const msp = organisations.data?.organisations?.find(o => !o.parent_id)?.slug ?? ''
  const under = useMemo(
    () => mappedUnder(instances.data?.instances ?? [], mappings.data?.mappings ?? [], msp),
    [instances.data, mappings.data, msp],
  )
  const button = (
    <AllowedButton
      needs="admin"
      everywhere={false}
      leftSection={<IconSettings size={16} stroke={1.6} aria-hidden />}
      onClick={() => setConfigure('new')}
    >
      Configure
    </AllowedButton>
  )
  return (
    <Page
      title={integration.title}
      above={[{ to: '/integrations', label: 'Integrations' }]}
      about={
        <>
          {integration.description}
          {integration.docs && (
            <>
              {' '}
              <Anchor href={integration.docs} target="_blank" rel="noreferrer" underline="always" inherit>
                Documentation
              </Anchor>
            </>
          )}
        </>
      }
      beside={instances.data && <State instances={instances.data.instances ?? []} />}
      actions={
        <>
          <Button
            component={Link}
            to={`/actions?integration=${encodeURIComponent(integration.id)}`}
            variant="default"
            leftSection={<IconBook2 size={16} stroke={1.6} aria-hidden />}
          >
            Actions
          </Button>
          {integration.mappable && (
            <Button
              component={Link}
              to={to.mapping(integration.id)}
              variant="default"
              leftSection={<IconArrowsLeftRight size={16} stroke={1.6} aria-hidden />}
            >
              Map organisations
            </Button>
          )}
          {button}
        </>
      }
    >
      <Loaded of={instances}>
        {data =>
          (data.instances ?? []).length === 0 ? (
            <Empty
              icon={IconPlug}
              title={ours ? `${integration.title} is not configured yet` : `No ${integration.title} of your own`}
              actions={<Group>{button}</Group>}
            >
              {ours
                ? `Configure it once for the MSP. Workflows lend it to clients; a client that has a ${integration.title} of its own gets an instance of its own. What to prepare in ${integration.title} stands in the handbook under Integrations.`
                : `Workflows of the MSP bring its ${integration.title} with them. If your organisation has one of its own, its administrator configures it here.`}
            </Empty>
          ) : (
            <Stack gap="sm">
              <Title order={2}>Instances</Title>
              <Instances instances={data.instances ?? []} withOwner mapped={under} />
            </Stack>
          )
        }
      </Loaded>
      {configure && (
        <ConfigureInstance integration={integration} organisation="" choose close={() => setConfigure(null)} />
      )}
    </Page>
  )
}
