import { ActionIcon, Badge, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { IconPencil, IconSearch, IconTrash, IconVariable } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { to, useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { Empty } from '~/parts/Empty'
import { type Column, List } from '~/parts/List'
import { Loaded } from '~/parts/Page'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import type { Organisation } from './tree'
import { VariableEditor } from './VariableEditor'
import { oneLine, typeWord, type Variable } from './variable'

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
  const columns = useColumns(o, names, setEditing)
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
                close={() => setEditing(null)}
              />
            )}
          </Stack>
        )
      }}
    </Loaded>
  )
}

function useColumns(
  o: VariablesProps['organisation'],
  names: Map<string, string>,
  edit: (v: Variable) => void,
): Column<Variable>[] {
  const confirm = useConfirm()
  const { mayAnywhere } = useSession()
  const remove = (v: Variable) =>
    confirm({
      title: `Remove ${v.name}?`,
      text: `${o.name} then has the value that it inherits, or none. Workflows that need it fail without one.`,
      go: 'Remove',
      danger: true,
      act: async () => {
        const { data } = await api.DELETE('/organisations/{org}/variables/{name}', {
          params: { path: { org: o.slug, name: v.name } },
        })
        tell.done(
          data?.inherited
            ? `${v.name} is removed. It now has that of ${data.inherited_from}: ${oneLine(data.inherited)}`
            : `${v.name} is removed.`,
        )
        await refresh('variables')
      },
    })
  return [
    { label: 'Name', cell: v => <span className="g-mono">{v.name}</span> },
    { label: 'Type', cell: v => typeWord(v.type), width: 90 },
    {
      label: 'Value',
      cell: v => (
        <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }} component="div">
          {oneLine(v)}
          {v.type === 'secret' && v.set_at && (
            <span className="g-quiet">
              {' '}
              set <When at={v.set_at} />
            </span>
          )}
        </Text>
      ),
    },
    {
      label: 'From',
      cell: v => (
        <Group gap={6} component="span" wrap="wrap">
          {v.source === o.slug ? (
            'own'
          ) : (
            <Link className="g-link" to={`${to.organisation(v.source)}?tab=variables`}>
              {names.get(v.source) ?? v.source}
            </Link>
          )}
          {v.local && <Badge color="gray">local</Badge>}
        </Group>
      ),
    },
    {
      label: '',
      align: 'right',
      cell: v => {
        const may = mayAnywhere(v.type === 'secret' ? 'admin' : 'author')
        const own = v.source === o.slug
        return (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <AllowedButton
              needs={v.type === 'secret' ? 'admin' : 'author'}
              everywhere={false}
              size="compact-xs"
              variant="default"
              leftSection={own ? <IconPencil size={13} aria-hidden /> : undefined}
              onClick={() => edit(v)}
            >
              {own ? 'Change' : 'Override'}
            </AllowedButton>
            {own && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                disabled={!may}
                aria-label={`Remove ${v.name}`}
                onClick={() => remove(v)}
              >
                <IconTrash size={15} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        )
      },
    },
  ]
}
