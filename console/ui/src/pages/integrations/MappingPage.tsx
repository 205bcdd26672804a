import { Button } from '@mantine/core'
import { IconPlug } from '@tabler/icons-react'
import { Link, useParams } from 'react-router'
import { query } from '~/api/client'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { MappingTable } from './MappingTable'

/** Says which entity of the other system each organisation is. */
export function MappingPage() {
  const { integration: id = '' } = useParams()
  const integration = query.useQuery('get', '/integrations/{integration}', { params: { path: { integration: id } } })
  const instances = query.useQuery('get', '/instances', { params: { query: { integration: id } } })
  const title = integration.data?.title ?? id
  const ours = useSession().mayEverywhere('viewer')
  const above = [
    { to: '/integrations', label: 'Integrations' },
    { to: to.integration(id), label: title },
  ]
  if (!integration.data || !instances.data)
    return (
      <Page title="Map organisations" above={above}>
        <Loaded of={integration.data ? instances : integration}>{() => null}</Loaded>
      </Page>
    )
  const [first, ...others] = instances.data.instances ?? []
  if (!first)
    return (
      <Page title={`Map organisations to ${title}`} above={above}>
        <Empty
          icon={IconPlug}
          title={ours ? `${title} is not configured yet` : `No ${title} of your own`}
          actions={
            <Button component={Link} to={ours ? `${to.integration(id)}?configure=new` : to.integration(id)}>
              {ours ? `Configure ${title}` : title}
            </Button>
          }
        >
          {ours
            ? `Organisations are mapped to what ${title} knows. Configure it first; then its entities can be read here.`
            : `The MSP says which of its clients in ${title} your organisation is; that stands on your organisation's page.`}
        </Empty>
      </Page>
    )
  return <MappingTable integration={integration.data} instances={[first, ...others]} above={above} />
}
