import { Combobox, Group, InputBase, ScrollArea, Text, useCombobox } from '@mantine/core'
import { useMemo, useState } from 'react'
import { query, type Schemas } from '~/api/client'

type Organisation = Schemas['Organisation']

interface Line {
  organisation: Organisation
  depth: number
}

const shownAtMost = 60

/** The organisations as the server orders them, each after the one above it, with how deep each lies. */
export function linesOf(all: Organisation[]): Line[] {
  const depth = new Map<string, number>()
  return all.map(organisation => {
    const above = organisation.parent ? depth.get(organisation.parent) : undefined
    depth.set(organisation.slug, above === undefined ? 0 : above + 1)
    return { organisation, depth: depth.get(organisation.slug) ?? 0 }
  })
}

interface PickerProps {
  label: string
  /** A slug; "" where none is chosen. */
  value: string
  onChange: (slug: string) => void
  description?: string
  /** What stands there where none is chosen, such as "all organisations". It can be chosen again. */
  none?: string
  required?: boolean
  w?: number | string
  /** The label is only read out. */
  unlabelled?: boolean
}

/** Picks an organisation: by its place in the tree, or by typing a part of its name. */
export function OrganisationPicker({
  label,
  value,
  onChange,
  description,
  none,
  required,
  w,
  unlabelled,
}: PickerProps) {
  const all = query.useQuery('get', '/organisations')
  const [typed, setTyped] = useState<string | null>(null)
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() })
  const lines = useMemo(() => linesOf(all.data?.organisations ?? []), [all.data])
  const fitting = useMemo(() => {
    const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return lines
    return lines.filter(({ organisation: o }) =>
      words.every(w => o.name.toLowerCase().includes(w) || o.slug.includes(w)),
    )
  }, [lines, typed])
  const chosen = lines.find(l => l.organisation.slug === value)?.organisation
  const pick = (slug: string) => {
    onChange(slug)
    setTyped(null)
    box.closeDropdown()
  }
  return (
    <Combobox store={box} onOptionSubmit={pick} withinPortal>
      <Combobox.Target>
        <InputBase
          w={w}
          label={unlabelled ? undefined : label}
          aria-label={label}
          description={description}
          required={required}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          placeholder={none ?? 'Search an organisation'}
          value={typed ?? chosen?.name ?? value}
          onChange={event => {
            setTyped(event.currentTarget.value)
            box.openDropdown()
            box.selectFirstOption()
          }}
          onClick={() => box.openDropdown()}
          onFocus={event => {
            event.currentTarget.select()
            box.openDropdown()
          }}
          onBlur={() => {
            box.closeDropdown()
            if (typed === '' && none !== undefined) onChange('')
            setTyped(null)
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options>
          <ScrollArea.Autosize mah={320} type="auto">
            {none !== undefined && !typed && <Combobox.Option value="">{none}</Combobox.Option>}
            {fitting.slice(0, shownAtMost).map(({ organisation: o, depth }) => (
              <Combobox.Option key={o.slug} value={o.slug} active={o.slug === value}>
                <Group gap={8} wrap="nowrap" pl={typed ? 0 : depth * 14}>
                  <Text size="sm">{o.name}</Text>
                  <Text size="xs" className="g-quiet g-mono">
                    {o.slug}
                  </Text>
                </Group>
              </Combobox.Option>
            ))}
            {fitting.length === 0 && <Combobox.Empty>No organisation has this in its name</Combobox.Empty>}
            {fitting.length > shownAtMost && (
              <Combobox.Footer>{fitting.length - shownAtMost} more: type a part of the name</Combobox.Footer>
            )}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** The name of an organisation, where its slug is known. */
export function useOrganisationName(): (slug: string) => string {
  const all = query.useQuery('get', '/organisations')
  const names = useMemo(() => new Map(all.data?.organisations?.map(o => [o.slug, o.name])), [all.data])
  return slug => names.get(slug) ?? slug
}

/** The name of an organisation, where its id is known. */
export function useOrganisationNameById(): (id: string) => string {
  const all = query.useQuery('get', '/organisations')
  const names = useMemo(() => new Map(all.data?.organisations?.map(o => [o.id, o.name])), [all.data])
  return id => names.get(id) ?? id
}
