import { Text } from '@mantine/core'
import { query } from '~/api/client'
import { SchemaForm } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import type { Choice } from './choices'

interface InputsProps {
  chosen: Pick<Choice, 'kind' | 'id'>
  value: Record<string, unknown>
  onChange: (value: Record<string, unknown>) => void
  disabled?: boolean
}

/** The inputs of an action or a workflow as a form, of which each field can be an expression. */
export function InputsOf({ chosen, ...form }: InputsProps) {
  return chosen.kind === 'action' ? <OfAction id={chosen.id} {...form} /> : <OfWorkflow id={chosen.id} {...form} />
}

type Form = Omit<InputsProps, 'chosen'> & { id: string }

function OfAction({ id, ...form }: Form) {
  const action = query.useQuery('get', '/actions/{action}', { params: { path: { action: id } } })
  return (
    <Loaded of={action} lines={3}>
      {data => <Fields schema={data.input_schema} order={data.inputs?.map(i => i.name)} {...form} />}
    </Loaded>
  )
}

function OfWorkflow({ id, ...form }: Form) {
  const shown = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: id } } })
  return (
    <Loaded of={shown} lines={3}>
      {data => <Fields schema={data.inputs ?? {}} order={data.input_order ?? undefined} {...form} />}
    </Loaded>
  )
}

function Fields({ schema, ...form }: Omit<Form, 'id'> & { schema: Record<string, unknown>; order?: string[] }) {
  if (Object.keys(schema.properties ?? {}).length === 0 && schema.additionalProperties === false) {
    return (
      <Text size="sm" className="g-quiet">
        It takes no inputs.
      </Text>
    )
  }
  return <SchemaForm schema={schema} expressions {...form} />
}
