import { Group, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useFormSettings } from './context'
import { FieldInput } from './FieldInput'
import { type Field, fieldsAtOnce, shownFields } from './schema'
import { type Values, withValue } from './values'

interface FieldsProps {
  fields: Field[]
  value: Values
  onChange: (value: Values) => void
  /** What stands before the names of these fields in errors. */
  path: string
}

/** The fields of an object, one below the other. */
export function Fields({ fields, value, onChange, path }: FieldsProps) {
  const { errors } = useFormSettings()
  const [picked, setPicked] = useState<string[]>([])
  const wrong = Object.keys(errors)
    .filter(at => at.startsWith(path))
    .map(at => at.slice(path.length).split('.')[0] ?? '')
  const shown = shownFields(fields, value, [...picked, ...wrong])
  return (
    <Stack gap="md">
      {shown.map(field => (
        <FieldInput
          key={field.name}
          field={field}
          path={path}
          value={value[field.name]}
          onChange={next => onChange(withValue(value, field.name, next))}
        />
      ))}
      {fields.length > fieldsAtOnce && shown.length < fields.length && (
        <PickField
          fields={fields.filter(f => !shown.includes(f))}
          total={fields.length}
          onPick={name => setPicked([...picked, name])}
        />
      )}
    </Stack>
  )
}

function PickField({ fields, total, onPick }: { fields: Field[]; total: number; onPick: (name: string) => void }) {
  const { disabled } = useFormSettings()
  const words = new Map(fields.map(f => [f.name, `${f.name} ${f.schema.title ?? ''} ${f.schema.description ?? ''}`]))
  const about = new Map(fields.map(f => [f.name, f.schema]))
  return (
    <Select
      label={`${fields.length} more fields`}
      description={`Of ${total} in all. Pick one by its name or by what it is for.`}
      placeholder="Search a field to fill in"
      searchable
      value={null}
      disabled={disabled}
      data={fields.map(f => f.name)}
      limit={40}
      nothingFoundMessage="No field has this in its name or its description"
      onChange={name => name && onPick(name)}
      filter={({ options, search }) => {
        const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
        return options.filter(o => 'value' in o && wanted.every(w => words.get(o.value)?.toLowerCase().includes(w)))
      }}
      renderOption={({ option }) => (
        <Group gap={8} wrap="nowrap">
          <Text size="sm" style={{ flex: 'none' }}>
            {about.get(option.value)?.title ?? option.value}
          </Text>
          <Text size="xs" className="g-quiet" lineClamp={1}>
            {about.get(option.value)?.description}
          </Text>
        </Group>
      )}
    />
  )
}
