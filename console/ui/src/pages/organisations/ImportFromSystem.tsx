import { Anchor, Modal, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { Coming } from '~/parts/Page'
import { ChooseEntities } from './ChooseEntities'

/** Makes organisations of the clients in HaloPSA, or of the entities of another integration, with their mapping. */
export function ImportFromSystem({ close }: { close: () => void }) {
  const integrations = query.useQuery('get', '/integrations')
  const instances = query.useQuery('get', '/instances')
  const mappable = new Set((integrations.data?.integrations ?? []).filter(i => i.mappable).map(i => i.id))
  const usable = (instances.data?.instances ?? []).filter(i => mappable.has(i.integration))
  const [chosen, setChosen] = useState<string | null>(null)
  const instance = usable.find(i => i.id === chosen) ?? usable[0]
  return (
    <Modal opened onClose={close} title="Import organisations from an integration" size="xl">
      {!integrations.data || !instances.data ? (
        <Coming />
      ) : !instance ? (
        <Text size="sm">
          No integration is configured whose entities could become organisations.{' '}
          <Anchor component={Link} to="/integrations" underline="always" inherit>
            Configure HaloPSA first
          </Anchor>
          .
        </Text>
      ) : (
        <Stack>
          <Select
            label="From"
            data={usable.map(i => ({ value: i.id, label: `${i.title}: ${i.name} (${i.organisation_name})` }))}
            value={instance.id}
            allowDeselect={false}
            onChange={setChosen}
          />
          <ChooseEntities key={instance.id} instance={instance} close={close} />
        </Stack>
      )}
    </Modal>
  )
}
