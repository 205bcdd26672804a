import { Button, Group, SegmentedControl, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import classes from './mapping.module.css'
import { type Filter, fits } from './mappingFilter'
import type { Mapping } from './useMapping'

interface FiltersProps {
  mapping: Mapping
  may: boolean
  search: string
  setSearch: (text: string) => void
  show: string
  setShow: (show: string) => void
}

/** What narrows the table, and what is done with many rows at once. */
export function MappingFilters({ mapping, may, search, setSearch, show, setShow }: FiltersProps) {
  const { rows, changed, accepted, choices, replace } = mapping
  const count = (f: Filter) => rows.filter(r => fits(r, f)).length
  const automatic = accepted.size - choices.size
  return (
    <Group gap="sm">
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
        value={show}
        onChange={setShow}
        data={[
          { value: 'all', label: `All ${rows.length}` },
          { value: 'unmatched', label: `Unmatched ${count('unmatched')}` },
          { value: 'confirm', label: `To confirm ${count('confirm')}` },
          { value: 'changed', label: `Changed ${changed.length}` },
        ]}
      />
      {automatic > 0 && may && (
        <Button size="xs" variant="light" color="green" className={classes.automatic} onClick={() => replace(accepted)}>
          Accept {automatic === 1 ? 'the automatic one' : `all ${automatic} automatic ones`}
        </Button>
      )}
      {changed.length > 0 && (
        <Button size="xs" variant="subtle" color="gray" onClick={() => replace(new Map())}>
          Undo all changes
        </Button>
      )}
    </Group>
  )
}
