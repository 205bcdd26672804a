import { Alert, Button, Group, Modal, Paper, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconRefresh, IconSearch, IconWand } from '@tabler/icons-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { useAddress } from '~/parts/address'
import { Loaded, Page } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { Windowed } from '~/parts/Windowed'
import { MappingLine } from './MappingLine'
import {
  acceptAll,
  type Choice,
  type Entity,
  type Filter,
  fits,
  type MappingRow,
  rowsOf,
  searched,
  takenBy,
  toSave,
} from './mapping'
import classes from './mapping.module.css'
import { SaveMappings } from './SaveMappings'
import { useUnsaved } from './useUnsaved'

interface TableProps {
  integration: Schemas['Integration']
  instances: Schemas['Instance'][]
  above: { to: string; label: string }[]
}

const noEntities: Entity[] = []

/** The table of all organisations and what they are, with what would change. */
export function MappingTable({ integration, instances, above }: TableProps) {
  const may = useSession().mayAnywhere('admin')
  const [under, setUnder] = useAddress('instance')
  const instance = instances.find(i => i.id === under) ?? instances.find(i => i.default) ?? instances[0]
  const target = useMemo(() => ({ instance: instance?.name, owner: instance?.organisation }), [instance])
  const params = { path: { integration: integration.id }, query: target }
  const [search, setSearch] = useAddress('search')
  const [filter, setFilter] = useAddress('show', 'all')
  const [suggesting, setSuggesting] = useAddress('suggest')
  const organisations = query.useQuery('get', '/organisations')
  const mappings = query.useQuery('get', '/mappings', { params: { query: { integration: integration.id } } })
  const options = query.useQuery('get', '/mapping-options/{integration}', { params })
  const suggestions = query.useQuery(
    'get',
    '/mapping-suggestions/{integration}',
    { params },
    { enabled: suggesting === 'yes' && options.data !== undefined },
  )
  const [choices, setChoices] = useState<Map<string, Choice>>(new Map())
  const [picking, setPicking] = useState<string | null>(null)
  const [problems, setProblems] = useState<Map<string, string>>(new Map())
  const [saving, setSaving] = useState(false)
  const [reading, setReading] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const rows = useMemo(
    () =>
      rowsOf({
        organisations: organisations.data?.organisations ?? [],
        mappings: mappings.data?.mappings ?? [],
        suggestions: suggesting === 'yes' ? (suggestions.data?.rows ?? undefined) : undefined,
        choices,
      }),
    [organisations.data, mappings.data, suggestions.data, suggesting, choices],
  )
  const changed = useMemo(() => rows.filter(r => r.changed !== null), [rows])
  const shown = useMemo(() => searched(rows, search).filter(r => fits(r, filter as Filter)), [rows, search, filter])
  const holders = useMemo(() => takenBy(rows), [rows])
  const taken = useCallback((id: string) => (holders.get(id) ?? []).map(r => r.name), [holders])
  const entities = options.data?.entities ?? noEntities
  const blocker = useUnsaved(changed.length > 0)

  const choose = useCallback((slug: string, choice: Choice | undefined) => {
    setProblems(new Map())
    setChoices(was => {
      const next = new Map(was)
      if (choice === undefined) next.delete(slug)
      else next.set(slug, choice)
      return next
    })
  }, [])
  const read = async () => {
    setReading(true)
    setError(null)
    try {
      const { data } = await api.POST('/mapping-options/{integration}/refresh', {
        params: { path: params.path },
        body: target,
      })
      tell.done(`${data?.entities?.length ?? 0} entities of ${integration.title} are read.`)
      await refresh('mapping-options', 'mapping-suggestions')
    } catch (e) {
      setError(e)
    } finally {
      setReading(false)
    }
  }
  const automatic = useMemo(() => acceptAll(rows, choices).size - choices.size, [rows, choices])
  const notRead = options.error !== null && asFault(options.error).code === 'missing'
  const count = (f: Filter) => rows.filter(r => fits(r, f)).length
  const line = (row: MappingRow) => (
    <MappingLine
      row={row}
      entities={entities}
      taken={taken}
      picking={picking === row.slug}
      pick={setPicking}
      choose={choose}
      problem={problems.get(row.slug)}
      may={may}
    />
  )
  const top = useRef<HTMLDivElement>(null)
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
            loading={reading}
            disabled={!may}
            onClick={() => void read()}
          >
            Refresh options
          </Button>
          <Button
            variant="default"
            leftSection={<IconWand size={16} stroke={1.6} aria-hidden />}
            loading={suggestions.isFetching}
            disabled={!options.data}
            onClick={() => {
              setSuggesting('yes')
              if (suggesting === 'yes') void suggestions.refetch()
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
      <Group gap="md">
        {instances.length > 1 && (
          <Select
            aria-label="Mapped under which instance"
            data={instances.map(i => ({ value: i.id, label: `${i.name} (${i.organisation_name})` }))}
            value={instance?.id ?? null}
            allowDeselect={false}
            disabled={changed.length > 0}
            onChange={setUnder}
            w={280}
          />
        )}
        <Text size="sm" role="status" className="g-quiet" component="div">
          {options.data ? (
            <>
              {entities.length} entities of {instance?.name}, read <When at={options.data.read_at} />
            </>
          ) : notRead ? (
            `It is not known yet what ${integration.title} has.`
          ) : (
            ''
          )}
        </Text>
      </Group>
      <Problem error={error} />
      {!notRead && <Problem error={options.error} retry={() => void options.refetch()} />}
      <Problem error={suggestions.error} retry={() => void suggestions.refetch()} />
      {notRead && (
        <Alert variant="light" title={`Read the entities of ${integration.title} first`}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">
              Refresh options reads all of them once and keeps them. Then names can be compared, and entities picked.
            </Text>
            <Button size="xs" loading={reading} disabled={!may} onClick={() => void read()}>
              Refresh options
            </Button>
          </Stack>
        </Alert>
      )}
      <Group gap="sm" ref={top}>
        <TextInput
          aria-label="Search an organisation or an entity"
          placeholder="Search"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={e => setSearch(e.currentTarget.value)}
          w={{ base: '100%', sm: 260 }}
        />
        <SegmentedControl
          aria-label="Which organisations are shown"
          size="xs"
          value={filter}
          onChange={setFilter}
          data={[
            { value: 'all', label: `All ${rows.length}` },
            { value: 'unmatched', label: `Unmatched ${count('unmatched')}` },
            { value: 'confirm', label: `To confirm ${count('confirm')}` },
            { value: 'changed', label: `Changed ${changed.length}` },
          ]}
        />
        {automatic > 0 && may && (
          <Button
            size="xs"
            variant="light"
            color="green"
            className={classes.automatic}
            onClick={() => {
              setChoices(acceptAll(rows, choices))
              setProblems(new Map())
            }}
          >
            Accept {automatic === 1 ? 'the automatic one' : `all ${automatic} automatic ones`}
          </Button>
        )}
        {changed.length > 0 && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() => {
              setChoices(new Map())
              setProblems(new Map())
            }}
          >
            Undo all changes
          </Button>
        )}
      </Group>
      <Loaded of={organisations}>
        {() => (
          <Paper p={0} style={{ overflow: 'hidden' }}>
            <div className={classes.head} aria-hidden>
              <span>Organisation</span>
              <span>In {integration.title}</span>
              <span />
            </div>
            {shown.length > 0 ? (
              <Windowed
                label={`Organisations and what they are in ${integration.title}`}
                rows={shown}
                id={r => r.slug}
                row={line}
                estimate={41}
                maxHeight="max(320px, calc(100dvh - 330px))"
              />
            ) : (
              <Text size="sm" className="g-quiet" p="md">
                Nothing fits what is looked for.
              </Text>
            )}
          </Paper>
        )}
      </Loaded>
      {saving && (
        <SaveMappings
          integration={integration.id}
          target={target}
          rows={changed}
          choices={toSave(rows, choices)}
          close={() => setSaving(false)}
          problems={setProblems}
          saved={answer => {
            setSaving(false)
            setChoices(new Map())
            const n = (answer.saved?.length ?? 0) + (answer.removed?.length ?? 0)
            tell.done(`${n} mapping${n === 1 ? ' is' : 's are'} saved.`)
            void refresh('mappings', 'mapping-options')
          }}
        />
      )}
      {blocker.state === 'blocked' && (
        <Modal opened onClose={() => blocker.reset()} title="Leave without saving?" size="md">
          <Stack>
            <Text size="sm">
              {changed.length} change{changed.length === 1 ? ' is' : 's are'} not saved yet.
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={() => blocker.proceed()}>
                Leave without saving
              </Button>
              <Button onClick={() => blocker.reset()} data-autofocus>
                Stay here
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Page>
  )
}
