import { ActionIcon, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconArrowsLeftRight, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { likeness } from '~/pages/integrations/mappingFilter'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Empty } from '~/parts/Empty'
import { Loaded } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { SetMapping } from './SetMapping'

type Detail = Schemas['OrganisationDetail']
type Integration = Schemas['Integration']

/** What an organisation is in other systems. */
export function OrganisationMappings({ organisation: o }: { organisation: Detail }) {
  const mappings = query.useQuery('get', '/mappings', { params: { query: { organisation: o.slug } } })
  const integrations = query.useQuery('get', '/integrations')
  const [setting, setSetting] = useState<Integration | null>(null)
  const mappable = (integrations.data?.integrations ?? []).filter(i => i.mappable)
  return (
    <Loaded of={mappings}>
      {data => (
        <Stack>
          {mappable.map(i => (
            <OneMapping
              key={i.id}
              organisation={o}
              integration={i}
              mapping={data.mappings?.find(m => m.integration === i.id)}
              set={() => setSetting(i)}
            />
          ))}
          {integrations.data && mappable.length === 0 && (
            <Empty icon={IconArrowsLeftRight} title="No integration has entities to map to">
              An integration says in its YAML which of its lists organisations can be mapped to.
            </Empty>
          )}
          {setting && <SetMapping organisation={o} integration={setting} close={() => setSetting(null)} />}
        </Stack>
      )}
    </Loaded>
  )
}

interface OneProps {
  organisation: Detail
  integration: Integration
  mapping?: Schemas['Mapping']
  set: () => void
}

function OneMapping({ organisation: o, integration: i, mapping: m, set }: OneProps) {
  const confirm = useConfirm()
  const { mayAnywhere } = useSession()
  const remove = () =>
    confirm({
      title: `${o.name} is no longer ${m?.external_name}?`,
      text: `Workflows that need its mapping in ${i.title} fail until it is mapped again.`,
      go: 'Remove the mapping',
      danger: true,
      act: async () => {
        await api.DELETE('/organisations/{org}/mappings/{integration}', {
          params: { path: { org: o.slug, integration: i.id } },
        })
        tell.done('The mapping is removed.')
        await refresh('mappings')
      },
    })
  return (
    <Paper component="section" aria-label={i.title}>
      <Group justify="space-between" gap="sm">
        <Stack gap={4} flex="1 1 260px">
          <Title order={2} size="h3">
            {i.title}
          </Title>
          {m ? (
            <>
              <Text size="sm">
                {m.external_name || 'without a name'} <span className="g-quiet g-mono">{m.external_id}</span>
              </Text>
              <Text size="sm" className="g-quiet" component="div">
                {m.rung && m.rung !== 'import' && <>{likeness(m.rung, m.confidence ?? 1)}; </>}
                saved {m.mapped_by && <>by {m.mapped_by} </>}
                <When at={m.mapped_at} />
                {(m.shared_with ?? []).length > 0 && <>; shared with {(m.shared_with ?? []).join(', ')}</>}
              </Text>
            </>
          ) : (
            <Text size="sm" className="g-quiet">
              Not mapped. Workflows find nothing under org.integrations.{i.id}.
            </Text>
          )}
        </Stack>
        <Group gap="xs">
          <Link className="g-link" to={`${to.mapping(i.id)}?search=${encodeURIComponent(o.slug)}`}>
            <Text span size="sm">
              In the table of all
            </Text>
          </Link>
          <AllowedButton needs="admin" everywhere={false} size="xs" variant="default" onClick={set}>
            {m ? 'Change' : 'Map it'}
          </AllowedButton>
          {m && (
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={!mayAnywhere('admin')}
              aria-label={`Remove the mapping in ${i.title}`}
              onClick={remove}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
    </Paper>
  )
}
