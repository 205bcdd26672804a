import { Anchor, Button, Menu, Paper, Stack, Text } from '@mantine/core'
import { IconPlug, IconPlus } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { ConfigureInstance } from '~/pages/integrations/ConfigureInstance'
import { Instances } from '~/pages/integrations/Instances'
import { mappedUnder } from '~/pages/integrations/mappedUnder'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Loaded } from '~/parts/Page'

/** The instances of an organisation, and what it would use of others'. */
export function OrganisationInstances({ organisation: o }: { organisation: Schemas['OrganisationDetail'] }) {
  const own = query.useQuery('get', '/organisations/{org}/instances', { params: { path: { org: o.slug } } })
  const everybody = query.useQuery('get', '/instances')
  const mappings = query.useQuery('get', '/mappings')
  const integrations = query.useQuery('get', '/integrations')
  const organisations = query.useQuery('get', '/organisations')
  const [adding, setAdding] = useState<string | null>(null)
  const msp = organisations.data?.organisations?.find(a => !a.parent_id)?.slug ?? ''
  const under = useMemo(
    () => mappedUnder(everybody.data?.instances ?? [], mappings.data?.mappings ?? [], msp),
    [everybody.data, mappings.data, msp],
  )
  const kinds = integrations.data?.integrations ?? []
  const chosen = kinds.find(i => i.id === adding)
  const add = <Add kinds={kinds} pick={setAdding} />
  return (
    <Loaded of={own}>
      {data => {
        const all = data.instances ?? []
        const lent = (everybody.data?.instances ?? []).filter(
          i => i.organisation === msp && i.default && o.slug !== msp && !all.some(a => a.integration === i.integration),
        )
        return (
          <Stack>
            {all.length > 0 ? (
              <>
                <div>{add}</div>
                <Instances instances={all} mapped={under} />
              </>
            ) : (
              <Empty icon={IconPlug} title={`${o.name} has no instance of its own`} actions={add}>
                Most clients need none: workflows lend them the MSP's. One that has a system of its own gets an instance
                of its own.
              </Empty>
            )}
            {lent.map(i => (
              <Paper key={i.id} component="section" aria-label={`${i.title} lent by the MSP`}>
                <Text size="sm">
                  <b>{i.title}</b>: when a workflow's trigger or task lends the MSP's, it uses{' '}
                  <Anchor component={Link} to={to.integration(i.integration)} underline="always" inherit>
                    {i.name}
                  </Anchor>
                  . Without such an override its runs fail with <i>{i.title} integration is not installed</i>.
                </Text>
              </Paper>
            ))}
            {chosen && <ConfigureInstance integration={chosen} organisation={o.slug} close={() => setAdding(null)} />}
          </Stack>
        )
      }}
    </Loaded>
  )
}

function Add({ kinds, pick }: { kinds: Schemas['Integration'][]; pick: (id: string) => void }) {
  const words = 'Configure an integration'
  if (!useSession().mayAnywhere('admin'))
    return (
      <AllowedButton needs="admin" everywhere={false}>
        {words}
      </AllowedButton>
    )
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />}>{words}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map(i => (
          <Menu.Item key={i.id} onClick={() => pick(i.id)}>
            {i.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
