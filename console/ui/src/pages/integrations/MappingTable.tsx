import { Button, Text } from '@mantine/core'
import { IconRefresh, IconWand } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { refresh } from '~/api/cache'
import type { Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { useAddress } from '~/parts/address'
import { Loaded, Page } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { Leaving } from './Leaving'
import { MappingFilters } from './MappingFilters'
import { MappingLines } from './MappingLines'
import { MappingSource } from './MappingSource'
import { toSave } from './mappingChoices'
import { type Filter, fits, searched } from './mappingFilter'
import { SaveMappings } from './SaveMappings'
import { useMapping } from './useMapping'
import { useReading } from './useReading'

interface TableProps {
  integration: Schemas['Integration']
  /** At least one. */
  instances: [Schemas['Instance'], ...Schemas['Instance'][]]
  above: { to: string; label: string }[]
}

/** The table of all organisations and what they are, with what would change. */
export function MappingTable({ integration, instances, above }: TableProps) {
  const may = useSession().mayAnywhere('admin')
  const [under, setUnder] = useAddress('instance')
  const [search, setSearch] = useAddress('search')
  const [show, setShow] = useAddress('show', 'all')
  const [suggest, setSuggest] = useAddress('suggest')
  const instance = instances.find(i => i.id === under) ?? instances.find(i => i.default) ?? instances[0]
  const mapping = useMapping(integration.id, instances, instance, suggest === 'yes')
  const { rows, changed, choices, suggestions, options } = mapping
  const [saving, setSaving] = useState(false)
  const reading = useReading(integration, mapping.target)
  const shown = useMemo(() => searched(rows, search).filter(r => fits(r, show as Filter)), [rows, search, show])
  return (
    <Page
      title={`Map organisations to ${integration.title}`}
      above={above}
      about={`Say which entity of ${integration.title} each organisation is. Workflows then know it by org.integrations.${integration.id}.id.`}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} stroke={1.6} aria-hidden />}
            loading={reading.busy}
            disabled={!may}
            onClick={reading.read}
          >
            Refresh options
          </Button>
          <Button
            variant="default"
            leftSection={<IconWand size={16} stroke={1.6} aria-hidden />}
            loading={suggestions.isFetching}
            disabled={!options.data}
            onClick={() => {
              setSuggest('yes')
              if (suggest === 'yes') void suggestions.refetch()
            }}
          >
            Suggest values
          </Button>
          <Button disabled={!may || changed.length === 0} onClick={() => setSaving(true)}>
            Save mappings{changed.length > 0 ? ` (${changed.length})` : ''}
          </Button>
        </>
      }
    >
      {!may && (
        <Text size="sm" className="g-quiet">
          Changing mappings needs the role admin. An administrator can give it to you.
        </Text>
      )}
      <MappingSource
        title={integration.title}
        instances={instances}
        instance={instance}
        pick={setUnder}
        mapping={mapping}
        reading={reading}
        may={may}
      />
      <MappingFilters mapping={mapping} may={may} search={search} setSearch={setSearch} show={show} setShow={setShow} />
      <Loaded of={mapping.organisations}>
        {() => <MappingLines title={integration.title} shown={shown} mapping={mapping} may={may} />}
      </Loaded>
      {saving && (
        <SaveMappings
          integration={integration.id}
          target={mapping.target}
          rows={changed}
          choices={toSave(rows, choices)}
          close={() => setSaving(false)}
          problems={mapping.setProblems}
          saved={answer => {
            setSaving(false)
            mapping.replace(new Map())
            const n = (answer.saved?.length ?? 0) + (answer.removed?.length ?? 0)
            tell.done(`${n} mapping${n === 1 ? ' is' : 's are'} saved.`)
            void refresh('mappings', 'mapping-options')
          }}
        />
      )}
      <Leaving unsaved={changed.length} />
    </Page>
  )
}
