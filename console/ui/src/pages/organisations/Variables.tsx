import { Group, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { IconSearch, IconVariable } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { query, type Schemas } from '~/api/client'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { RemoveVariable } from './RemoveVariable'
import type { Organisation } from './tree'
import { VariableEditor } from './VariableEditor'
import type { Variable } from './variable'
import { useVariableColumns } from './variableColumns'

interface VariablesProps {
  organisation: Schemas['OrganisationDetail']
  all: Organisation[]
}

/** The variables that hold for an organisation: its own, and those it inherits, each with whose value it is. */
export function Variables({ organisation: o, all }: VariablesProps) {
  const variables = query.useQuery('get', '/organisations/{org}/variables', { params: { path: { org: o.slug } } })
  const [search, setSearch] = useAddress('variable')
  const [whose, setWhose] = useAddress('whose', 'all')
  const [editing, setEditing] = useState<Variable | 'new' | null>(null)
  const names = useMemo(() => new Map(all.map(a => [a.slug, a.name])), [all])
  const [removing, setRemoving] = useState<Variable | null>(null)
  const columns = useVariableColumns({ slug: o.slug, names, edit: setEditing, remove: setRemoving })
  const add = (
    <AllowedButton needs="author" everywhere={false} onClick={() => setEditing('new')}>
      Add a variable
    </AllowedButton>
  )
  return (
    <Loaded of={variables}>
      {data => {
        const rows = data.variables ?? []
        const shown = rows.filter(
          v =>
            v.name.toLowerCase().includes(search.toLowerCase()) &&
            (whose === 'all' || (v.source === o.slug) === (whose === 'own')),
        )
        return (
          <Stack>
            {rows.length === 0 ? (
              <Empty icon={IconVariable} title="No variables yet" actions={add}>
                Workflows read them as <code>org.vars.NAME</code>. Organisations below inherit them; the nearest value
                counts.
              </Empty>
            ) : (
              <>
                <Group justify="space-between">
                  <Group gap="sm">
                    <TextInput
                      aria-label="Search a variable"
                      placeholder="Search"
                      leftSection={<IconSearch size={16} aria-hidden />}
                      value={search}
                      onChange={e => setSearch(e.currentTarget.value)}
                    />
                    <SegmentedControl
                      aria-label="Whose variables are shown"
                      size="xs"
                      value={whose}
                      onChange={setWhose}
                      data={[
                        { value: 'all', label: 'All' },
                        { value: 'own', label: 'Own' },
                        { value: 'inherited', label: 'Inherited' },
                      ]}
                    />
                  </Group>
                  {add}
                </Group>
                <List label={`Variables of ${o.name}`} rows={shown} columns={columns} id={v => v.name} />
              </>
            )}
            {editing && (
              <VariableEditor
                organisation={o}
                variable={editing === 'new' ? undefined : editing}
                taken={rows.filter(v => v.source === o.slug).map(v => v.name)}
                names={names}
                close={() => setEditing(null)}
              />
            )}
            {removing && (
              <RemoveVariable organisation={o} variable={removing} names={names} close={() => setRemoving(null)} />
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}
