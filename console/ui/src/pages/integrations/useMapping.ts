import { useCallback, useMemo, useState } from 'react'
import { query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { below, type Entity, type MappingRow, type Proposed, rowsOf, takenBy } from './mapping'
import { acceptAll, type Choices, choose } from './mappingChoices'

type Instance = Schemas['Instance']

const noEntities: Entity[] = []

/** Which instance organisations are mapped under, as the API names it. */
export interface Target {
  instance?: string
  owner?: string
}

/** What the mapping page knows of the other system and of the organisations, and what was chosen. */
export function useMapping(integration: string, instances: Instance[], instance: Instance, suggesting: boolean) {
  const { name, organisation } = instance
  const target = useMemo<Target>(() => ({ instance: name, owner: organisation }), [name, organisation])
  const params = { path: { integration }, query: target }
  const organisations = query.useQuery('get', '/organisations')
  const mappings = query.useQuery('get', '/mappings', { params: { query: { integration } } })
  const options = query.useQuery('get', '/mapping-options/{integration}', { params })
  const suggestions = query.useQuery(
    'get',
    '/mapping-suggestions/{integration}',
    { params },
    { enabled: suggesting && options.data !== undefined },
  )
  const chosen = useChoices()
  const { choices } = chosen
  const elsewhere = useElsewhere(instances, instance, organisations.data?.organisations)
  const rows = useMemo(
    () =>
      rowsOf({
        organisations: below(organisations.data?.organisations ?? [], organisation),
        mappings: mappings.data?.mappings ?? [],
        elsewhere,
        entities: options.data?.entities ?? undefined,
        suggestions: suggesting ? (suggestions.data?.rows ?? undefined) : undefined,
        choices,
      }),
    [organisations.data, organisation, mappings.data, elsewhere, options.data, suggestions.data, suggesting, choices],
  )
  const holders = useMemo(() => takenBy(rows), [rows])
  return {
    ...chosen,
    target,
    organisations,
    options,
    suggestions,
    rows,
    changed: useMemo(() => rows.filter(r => r.changed !== null), [rows]),
    accepted: useMemo(() => acceptAll(rows, choices), [rows, choices]),
    entities: options.data?.entities ?? noEntities,
    /** Nobody has read yet what the other system has. */
    unread: options.error !== null && asFault(options.error).code === 'missing',
    taken: useCallback((id: string) => (holders.get(id) ?? []).map(r => r.name), [holders]),
  }
}

export type Mapping = ReturnType<typeof useMapping>

function useChoices() {
  const [choices, setChoices] = useState<Choices>(new Map())
  // What the server has refused holds until something else is chosen.
  const [problems, setProblems] = useState<Map<string, string>>(new Map())
  const replace = useCallback((next: Choices | ((was: Choices) => Choices)) => {
    setProblems(new Map())
    setChoices(next)
  }, [])
  return {
    choices,
    problems,
    setProblems,
    replace,
    choose: useCallback(
      (row: MappingRow, entity: Proposed | null | undefined) => replace(was => choose(was, row, entity)),
      [replace],
    ),
  }
}

/** Tells of a mapping under another instance whose. One that names none is meant under the MSP's default one. */
function useElsewhere(instances: Instance[], instance: Instance, organisations: Schemas['Organisation'][] | null = []) {
  const msp = organisations?.find(o => !o.parent_id)?.slug
  return useMemo(() => {
    const first = instances.find(i => i.default && i.organisation === msp)?.id
    const names = new Map(instances.map(i => [i.id, i.name]))
    return (m: Schemas['Mapping']) => {
      const under = m.instance_id || first
      return under === undefined || under === instance.id ? undefined : (names.get(under) ?? 'another instance')
    }
  }, [instances, instance.id, msp])
}
