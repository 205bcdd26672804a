import { ActionIcon, Box, Textarea, Tooltip } from '@mantine/core'
import { IconForms, IconMathFunction } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { Coming } from '~/parts/Page'
import { useFormSettings } from './context'
import { ObjectInput, PairsInput, RecordsInput } from './groups'
import { BooleanInput, ChoiceInput, FileField, ListInput, NumberField, TextField, TimeInput } from './inputs'
import type { Field } from './schema'
import { helpOf, isExpression, takesExpression, Unreadable } from './values'

const DataInput = lazy(async () => ({ default: (await import('./DataInput')).DataInput }))

interface FieldInputProps {
  field: Field
  path: string
  value: unknown
  onChange: (value: unknown) => void
}

/** What every input of a field is given. */
export interface InputProps {
  field: Field
  /** Where the field stands, as errors name it. */
  at: string
  label: string
  help: string
  error?: string
  value: unknown
  onChange: (value: unknown) => void
  disabled: boolean
}

/** A field of a form: its own input, or one for an expression. */
export function FieldInput({ field, path, value, onChange }: FieldInputProps) {
  const { errors, expressions, disabled } = useFormSettings()
  const [asExpression, setAsExpression] = useState(false)
  const label = field.schema.title ?? field.name
  const at = path + field.name
  const said = value instanceof Unreadable ? value.why : errors[at]
  const props: InputProps = {
    field,
    at,
    label,
    help: helpOf(field.schema, field.kind),
    error: said && said.charAt(0).toUpperCase() + said.slice(1),
    value,
    onChange,
    disabled,
  }
  if (!expressions || takesExpression(field.kind)) return <OwnInput {...props} />
  const written = asExpression || isExpression(value)
  const toggle = () => {
    setAsExpression(!written)
    onChange(undefined)
  }
  return (
    <Box pos="relative">
      {written ? <ExpressionInput {...props} /> : <OwnInput {...props} />}
      <Box pos="absolute" top={0} right={0}>
        <Tooltip label={written ? 'Fill it in' : 'Write an expression'}>
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            disabled={disabled}
            aria-label={written ? `${label}: fill it in` : `${label}: write an expression`}
            onClick={toggle}
          >
            {written ? <IconForms size={14} aria-hidden /> : <IconMathFunction size={14} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      </Box>
    </Box>
  )
}

function OwnInput(props: InputProps) {
  switch (props.field.kind) {
    case 'integer':
    case 'number':
      return <NumberField {...props} />
    case 'boolean':
      return <BooleanInput {...props} />
    case 'choice':
      return <ChoiceInput {...props} />
    case 'date':
    case 'date-time':
      return <TimeInput {...props} />
    case 'file':
      return <FileField {...props} />
    case 'scalars':
      return <ListInput {...props} />
    case 'records':
      return <RecordsInput {...props} />
    case 'object':
      return <ObjectInput {...props} />
    case 'pairs':
      return <PairsInput {...props} />
    case 'data':
      return (
        <Suspense fallback={<Coming lines={2} />}>
          <DataInput {...props} />
        </Suspense>
      )
    default:
      return <TextField {...props} />
  }
}

function ExpressionInput({ field, label, help, error, value, onChange, disabled }: InputProps) {
  const { renderExpression } = useFormSettings()
  const text = typeof value === 'string' ? value : ''
  if (renderExpression) return renderExpression({ label, value: text, onChange })
  return (
    <Textarea
      label={label}
      description={help}
      error={error}
      required={field.required}
      disabled={disabled}
      autosize
      minRows={1}
      placeholder="${{ … }}"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      value={text}
      onChange={e => onChange(e.currentTarget.value || undefined)}
    />
  )
}
