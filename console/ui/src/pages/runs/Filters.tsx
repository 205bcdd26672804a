import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Choices } from './Choices'
import { type Filters, narrowed, none } from './filters'

interface FiltersProps {
  filters: Filters
  change: (changed: Partial<Filters>) => void
}

/** What the list of runs is narrowed by; on a phone all but the search is folded away. */
export function RunFilters({ filters, change }: FiltersProps) {
  const narrow = useMediaQuery('(max-width: 48em)')
  const [unfolded, setUnfolded] = useState(false)
  const some = narrowed(filters)
  return (
    <Group gap="sm" align="flex-end" component="search">
      <Search value={filters.search} onChange={search => change({ search })} />
      {narrow && (
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} aria-hidden />}
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {some ? 'Filters (some are set)' : 'Filters'}
        </Button>
      )}
      {(!narrow || unfolded) && <Choices filters={filters} change={change} narrow={narrow} />}
      {some && (
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
