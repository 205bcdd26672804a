import { Button, Checkbox, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { query } from '~/api/client'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { lookOf, runStatuses } from '~/parts/status'
import { type Filters, narrowed, none, spans, triggerTypes } from './filters'

interface FiltersProps {
  filters: Filters
  change: (changed: Partial<Filters>) => void
}

const statuses = runStatuses.map(s => ({ value: s, label: lookOf(s).label }))

/** What the list of runs is narrowed by. */
export function RunFilters({ filters, change }: FiltersProps) {
  const workflows = query.useQuery('get', '/workflows')
  const titles = useMemo(
    () => (workflows.data?.workflows ?? []).map(w => ({ value: w.id, label: w.title || w.id })),
    [workflows.data],
  )
  // A workflow that is gone still has runs.
  const known = !filters.workflow || titles.some(t => t.value === filters.workflow)
  const choices = known ? titles : [{ value: filters.workflow, label: filters.workflow }, ...titles]
  const pick = (name: keyof Filters) => (value: string | null) => change({ [name]: value ?? '' })
  const narrow = useMediaQuery('(max-width: 48em)')
  const [open, setOpen] = useState(false)
  if (narrow && !open)
    return (
      <Group gap="sm" align="flex-end" component="search">
        <Search value={filters.search} onChange={search => change({ search })} />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} aria-hidden />}
          aria-expanded={false}
          onClick={() => setOpen(true)}
        >
          {narrowed(filters) ? 'Filters (some are set)' : 'Filters'}
        </Button>
      </Group>
    )
  return (
    <Group gap="sm" align="flex-end" component="search">
      <Search value={filters.search} onChange={search => change({ search })} />
      <Select
        w={{ base: '100%', xs: 130 }}
        label="Status"
        placeholder="any"
        data={statuses}
        value={filters.status || null}
        onChange={pick('status')}
        clearable
      />
      <Select
        w={{ base: '100%', xs: 190 }}
        label="Workflow"
        placeholder="any"
        data={choices}
        value={filters.workflow || null}
        onChange={pick('workflow')}
        searchable
        clearable
        limit={200}
        nothingFoundMessage="No workflow has this in its title"
      />
      <OrganisationPicker
        w={180}
        label="Organisation"
        none="all organisations"
        value={filters.organisation}
        onChange={organisation => change({ organisation })}
      />
      <Select
        w={{ base: '100%', xs: 130 }}
        label="Started by"
        placeholder="anything"
        data={triggerTypes}
        value={filters.type || null}
        onChange={pick('type')}
        clearable
      />
      <Select
        w={{ base: '100%', xs: 150 }}
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
      {narrowed(filters) && (
        <Button
          variant="subtle"
          leftSection={<IconX size={15} stroke={1.6} aria-hidden />}
          onClick={() => change({ ...none, all: filters.all })}
        >
          Clear
        </Button>
      )}
    </Group>
  )
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const later = useDebouncedCallback(onChange, 350)
  return (
    <TextInput
      w={{ base: '100%', xs: 200 }}
      type="search"
      label="Search"
      placeholder="Id, workflow or a word of inputs"
      leftSection={<IconSearch size={16} stroke={1.6} aria-hidden />}
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value)
        later(event.currentTarget.value)
      }}
    />
  )
}
