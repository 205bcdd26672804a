import {
  Checkbox,
  FileInput,
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useFormSettings } from './context'
import type { InputProps } from './FieldInput'
import { type JsonSchema, typeOf } from './schema'
import { fromLocalTime, inWords, isExpression, sampleOf, toItem, toLocalTime, toNumber } from './values'

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }

/** What Mantine's inputs are all given. */
function common({ field, label, help, error, disabled }: InputProps) {
  return { label, description: help || undefined, error, disabled, required: field.required, name: field.name }
}

const keyboards: Record<string, 'email' | 'url'> = { email: 'email', uri: 'url' }

export function TextField(props: InputProps) {
  const { field, value, onChange } = props
  const { kept } = useFormSettings()
  const text = value === undefined || value === null ? '' : String(value)
  const shared = {
    ...common(props),
    value: text,
    placeholder: sampleOf(field.schema),
    onChange: (e: { currentTarget: { value: string } }) => onChange(e.currentTarget.value || undefined),
  }
  const styles = isExpression(text) ? mono : undefined
  if (field.kind === 'secret') {
    const stored = kept.includes(field.name)
    return (
      <PasswordInput
        {...shared}
        required={field.required && !stored}
        placeholder={stored ? 'Stored. Left empty it stays as it is' : undefined}
        autoComplete="new-password"
      />
    )
  }
  if (field.kind === 'long') return <Textarea {...shared} autosize minRows={2} maxRows={16} styles={styles} />
  const placeholder = field.kind === 'duration' ? (shared.placeholder ?? '30s, 5m, 8h, 30d') : shared.placeholder
  return (
    <TextInput
      {...shared}
      placeholder={placeholder}
      inputMode={keyboards[field.schema.format ?? '']}
      autoComplete="off"
      styles={styles}
    />
  )
}

export function NumberField(props: InputProps) {
  const { field, value, onChange } = props
  return (
    <NumberInput
      {...common(props)}
      value={typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string' ? value : ''}
      placeholder={sampleOf(field.schema)}
      allowDecimal={field.kind === 'number'}
      clampBehavior="none"
      min={field.schema.minimum}
      max={field.schema.maximum}
      onChange={next => onChange(typeof next === 'number' ? next : toNumber(String(next)))}
    />
  )
}

const yesNo = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
]

/** A box to tick where one knows what an untouched one means; else yes, no, or nothing said. */
export function BooleanInput(props: InputProps) {
  const { field, value, onChange } = props
  const otherwise = field.schema.default
  if (typeof otherwise === 'boolean') {
    const { required: _, ...shared } = common(props)
    return (
      <Checkbox
        {...shared}
        checked={typeof value === 'boolean' ? value : otherwise}
        onChange={e => onChange(e.currentTarget.checked)}
      />
    )
  }
  return (
    <Select
      {...common(props)}
      data={yesNo}
      placeholder="not said"
      clearable={!field.required}
      clearButtonProps={{ 'aria-label': `Clear ${props.label}` }}
      value={typeof value === 'boolean' ? String(value) : null}
      onChange={next => onChange(next === null ? undefined : next === 'true')}
    />
  )
}

function choicesOf(schema: JsonSchema | undefined): unknown[] {
  return (schema?.enum ?? []).filter(v => v !== null)
}

export function ChoiceInput(props: InputProps) {
  const { field, value, onChange } = props
  const choices = choicesOf(field.schema)
  return (
    <Select
      {...common(props)}
      data={choices.map(v => ({ value: String(v), label: inWords(v) }))}
      placeholder={sampleOf(field.schema) ?? 'choose'}
      searchable={choices.length > 8}
      clearable={!field.required}
      clearButtonProps={{ 'aria-label': `Clear ${props.label}` }}
      value={value === undefined || value === null ? null : String(value)}
      onChange={next => onChange(next === null ? undefined : choices.find(v => String(v) === next))}
    />
  )
}

/** A day, or a time with the offset of the browser's time zone. What is neither stays as text. */
export function TimeInput(props: InputProps) {
  const { field, value, onChange } = props
  const day = field.kind === 'date'
  const text = typeof value === 'string' ? value : ''
  const readable = day ? /^\d{4}-\d\d-\d\d$/.test(text) : toLocalTime(text) !== ''
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const help = [props.help, day ? '' : `In the time zone ${zone}.`].filter(Boolean).join(' ')
  const shared = { ...common(props), description: help || undefined }
  if (text !== '' && !readable)
    return <TextInput {...shared} value={text} onChange={e => onChange(e.currentTarget.value || undefined)} />
  return (
    <TextInput
      {...shared}
      type={day ? 'date' : 'datetime-local'}
      value={day ? text : toLocalTime(text)}
      onChange={e => {
        const typed = e.currentTarget.value
        onChange(day ? typed || undefined : fromLocalTime(typed))
      }}
    />
  )
}

/** A list of texts or numbers: each is finished with Enter, numbers also with a comma. */
export function ListInput(props: InputProps) {
  const { field, value, onChange } = props
  const items = field.schema.items
  const choices = choicesOf(items)
  const entries = Array.isArray(value) ? value.map(String) : []
  const emit = (typed: string[]) => onChange(typed.length > 0 ? typed.map(t => toItem(t, items)) : undefined)
  const shared = { ...common(props), value: entries, onChange: emit, maxValues: field.schema.maxItems }
  const clear = { clearable: true, clearButtonProps: { 'aria-label': `Clear ${props.label}` } }
  if (choices.length > 0) return <MultiSelect {...shared} {...clear} data={choices.map(String)} searchable />
  const numbers = typeOf(items ?? {}) !== 'string'
  return (
    <TagsInput
      {...shared}
      {...clear}
      allowDuplicates
      splitChars={numbers ? [',', ' ', ';'] : []}
      placeholder={entries.length > 0 ? undefined : numbers ? 'Numbers, each with Enter' : 'Texts, each with Enter'}
    />
  )
}

/** A file goes along as a data: address. */
export function FileField(props: InputProps) {
  const { value, onChange } = props
  const stored = typeof value === 'string' && value !== ''
  const read = (file: File | null) => {
    if (!file) return onChange(undefined)
    const reader = new FileReader()
    reader.onload = () => onChange(String(reader.result))
    reader.readAsDataURL(file)
  }
  const size = stored ? Math.round((value.length * 3) / 4 / 1024) : 0
  return (
    <FileInput
      {...common(props)}
      placeholder={stored ? `A file of about ${size} kB` : 'Choose a file'}
      styles={{ placeholder: { color: 'var(--g-quiet)' } }}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${props.label}` }}
      onChange={read}
    />
  )
}
