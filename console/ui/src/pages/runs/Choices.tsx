import { Checkbox, Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { query } from '~/api/client'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { lookOf, runStatuses } from '~/parts/status'
import { type Filters, spans, triggerTypes } from './filters'

interface ChoicesProps {
  filters: Filters
  change: (changed: Partial<Filters>) => void
  /** There is no room for two beside one another. */
  narrow: boolean
}

const statuses = runStatuses.map(s => ({ value: s, label: lookOf(s).label }))

/** What runs are of, for whom, how they stand, since when, and by what. */
export function Choices({ filters, change, narrow }: ChoicesProps) {
  const workflows = useWorkflows(filters.workflow)
  const wide = (width: number) => (narrow ? '100%' : width)
  const pick = (name: keyof Filters) => (value: string | null) => change({ [name]: value ?? '' })
  return (
    <>
      <Select
        w={wide(130)}
        label="Status"
        placeholder="any"
        data={statuses}
        value={filters.status || null}
        onChange={pick('status')}
        clearable
      />
      <Select
        w={wide(190)}
        label="Workflow"
        placeholder="any"
        data={workflows}
        value={filters.workflow || null}
        onChange={pick('workflow')}
        searchable
        clearable
        limit={200}
        nothingFoundMessage="No workflow has this in its title"
      />
      <OrganisationPicker
        w={wide(180)}
        label="Organisation"
        none="all organisations"
        value={filters.organisation}
        onChange={organisation => change({ organisation })}
      />
      <Select
        w={wide(130)}
        label="Started by"
        placeholder="anything"
        data={triggerTypes}
        value={filters.type || null}
        onChange={pick('type')}
        clearable
      />
      <Select
        w={wide(150)}
        label="When"
        placeholder="any time"
        data={spans.map(({ value, label }) => ({ value, label }))}
        value={filters.when || null}
        onChange={pick('when')}
        clearable
      />
      {filters.when === 'own' && (
        <>
          <TextInput
            type="datetime-local"
            label="From"
            value={filters.from}
            onChange={event => change({ from: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="Until"
            value={filters.to}
            onChange={event => change({ to: event.currentTarget.value })}
          />
        </>
      )}
      <Checkbox
        pb={8}
        label="Also sub-workflows and handlers of failures"
        checked={filters.all === 'yes'}
        onChange={event => change({ all: event.currentTarget.checked ? 'yes' : '' })}
      />
    </>
  )
}

/** The workflows to choose from. One that is gone still has runs. */
function useWorkflows(chosen: string) {
  const { data } = query.useQuery('get', '/workflows')
  return useMemo(() => {
    const there = (data?.workflows ?? []).map(w => ({ value: w.id, label: w.title || w.id }))
    const known = !chosen || there.some(w => w.value === chosen)
    return known ? there : [{ value: chosen, label: chosen }, ...there]
  }, [data, chosen])
}
