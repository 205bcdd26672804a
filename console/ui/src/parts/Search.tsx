import { type MantineSize, type StyleProp, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'

interface SearchProps {
  value: string
  onChange: (words: string) => void
  label?: string
  /** The label is only read out. */
  unlabelled?: boolean
  placeholder?: string
  size?: MantineSize
  w?: StyleProp<number | string>
  maw?: number
}

/** A field for words by which a list is narrowed. */
export function Search({ value, onChange, label = 'Search', unlabelled, ...rest }: SearchProps) {
  return (
    <TextInput
      {...rest}
      label={unlabelled ? undefined : label}
      aria-label={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={value}
      onChange={e => onChange(e.currentTarget.value)}
    />
  )
}
