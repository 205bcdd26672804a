import { Combobox, Group, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import type { Entity } from './mapping'

const shownAtMost = 80

interface PickerProps {
  label: string
  entities: Entity[]
  value?: Entity
  /** Whose an entity is already, by its id. */
  taken: (id: string) => string[]
  onPick: (entity: Entity) => void
  close: () => void
}

/** Picks an entity by a part of its name or by its id. Those that are others' already say so. */
export function EntityPicker({ label, entities, value, taken, onPick, close }: PickerProps) {
  const [typed, setTyped] = useState('')
  const box = useCombobox({ defaultOpened: true, onDropdownClose: close })
  const fitting = useMemo(() => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
    const all =
      words.length === 0
        ? entities
        : entities.filter(e => words.every(w => `${e.name} ${e.id}`.toLowerCase().includes(w)))
    const free = (e: Entity) => (taken(e.id).length > 0 ? 1 : 0)
    return all.toSorted((a, b) => free(a) - free(b))
  }, [entities, typed, taken])
  // The best fit is chosen once it stands there: a name may be pasted and taken with Enter.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each list anew
  useEffect(() => {
    if (typed) box.selectFirstOption()
  }, [fitting])
  return (
    <Combobox
      store={box}
      withinPortal
      onOptionSubmit={id => {
        const picked = entities.find(e => e.id === id)
        if (picked) onPick(picked)
        close()
      }}
    >
      <Combobox.Target>
        <TextInput
          size="xs"
          aria-label={label}
          placeholder={value?.name ?? 'Search by name or id'}
          autoFocus
          value={typed}
          onChange={e => {
            setTyped(e.currentTarget.value)
            box.openDropdown()
          }}
          onKeyDown={e => e.key === 'Escape' && close()}
          onBlur={close}
        />
      </Combobox.Target>
      <Combobox.Dropdown miw={280}>
        <Combobox.Options aria-label={label}>
          <ScrollArea.Autosize mah={280} type="auto">
            {fitting.slice(0, shownAtMost).map(e => (
              <Combobox.Option key={e.id} value={e.id} active={e.id === value?.id}>
                <Group justify="space-between" gap={8} wrap="nowrap">
                  <Text size="sm">
                    {e.name}{' '}
                    <Text span size="xs" className="g-mono" opacity={0.85}>
                      {e.id}
                    </Text>
                  </Text>
                  {taken(e.id).length > 0 && (
                    <Text size="xs" opacity={0.85} ta="right">
                      taken by {taken(e.id).join(', ')}
                    </Text>
                  )}
                </Group>
              </Combobox.Option>
            ))}
            {fitting.length === 0 && <Combobox.Empty>None has this in its name</Combobox.Empty>}
            {fitting.length > shownAtMost && (
              <Combobox.Footer>{fitting.length - shownAtMost} more: type a part of the name</Combobox.Footer>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
