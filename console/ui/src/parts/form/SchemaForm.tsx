import { useMemo } from 'react'
import { FormContext, type FormSettings } from './context'
import { Fields } from './Fields'
import type { Mistakes } from './mistakes'
import { asSchema, fieldsOf, type JsonSchema } from './schema'
import type { Values } from './values'

export interface SchemaFormProps {
  /** JSON Schema (draft-07) of an object, as the API gives it. */
  schema: JsonSchema | Record<string, unknown>
  /** The names of the fields in the order in which they are shown. */
  order?: string[]
  value: Values
  onChange: (value: Values) => void
  /** What is wrong with fields, by name (`name`, `rows.0.name`): see mistakesIn and fieldMistakes. */
  errors?: Mistakes
  /** Each field can be switched to an expression, `${{ … }}`. */
  expressions?: boolean
  /** Names of fields whose value is not shown. */
  secrets?: string[]
  /** Names of secrets that are stored: left empty they stay. */
  kept?: string[]
  disabled?: boolean
  renderExpression?: FormSettings['renderExpression']
}

/** A form that is made from a JSON Schema. Of a long one it shows what matters and lets the rest be picked. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, order, value, onChange, errors, expressions, secrets, kept, disabled, renderExpression } = props
  const fields = useMemo(() => fieldsOf(asSchema(schema), order, secrets), [schema, order, secrets])
  const settings = useMemo<FormSettings>(
    () => ({
      errors: errors ?? {},
      expressions: expressions ?? false,
      disabled: disabled ?? false,
      kept: kept ?? [],
      renderExpression,
    }),
    [errors, expressions, disabled, kept, renderExpression],
  )
  return (
    <FormContext value={settings}>
      <Fields fields={fields} value={value} onChange={onChange} path="" />
    </FormContext>
  )
}
