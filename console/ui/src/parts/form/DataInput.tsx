import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { readData, writeData } from './data'
import type { InputProps } from './FieldInput'
import { typeOf } from './schema'
import { sampleOf } from './values'

/** Anything, written as YAML or JSON. */
export function DataInput({ field, label, help, error, value, onChange, disabled }: InputProps) {
  // What was typed stays as it was typed, as long as it means the value.
  const [typed, setTyped] = useState<{ text: string; meant: unknown }>(() => ({ text: writeData(value), meant: value }))
  const text = typed.meant === value ? typed.text : writeData(value)
  const shape = { array: 'A list', object: 'Names and values' }[typeOf(field.schema)] ?? 'A value'
  return (
    <Textarea
      label={label}
      description={[help, `${shape}, as YAML or JSON.`].filter(Boolean).join(' ')}
      error={error}
      required={field.required}
      disabled={disabled}
      placeholder={sampleOf(field.schema)}
      autosize
      minRows={2}
      maxRows={18}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      onChange={e => {
        const meant = readData(e.currentTarget.value)
        setTyped({ text: e.currentTarget.value, meant })
        onChange(meant)
      }}
    />
  )
}
