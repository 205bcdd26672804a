import { Button, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useState } from 'react'
import { query } from '~/api/client'
import { type Mistakes, SchemaForm, type Values } from '~/parts/form'
import { Loaded } from '~/parts/Page'
import { useInputs } from '../asked'
import type { Run } from '../run'
import { emptied, mistakesOf, replaced } from './plan'

interface EditInputsProps {
  run: Run
  task: string
  instance: number
  /** The action that it calls, or the workflow. */
  action?: string
  /** The inputs that are replaced, and whether something is wrong with them. */
  onChange: (values: Values, wrong: boolean) => void
}

/** Lets the inputs of a task that is repeated be replaced, by the form of its action. */
export function EditInputs({ run, task, instance, action, onChange }: EditInputsProps) {
  const [open, setOpen] = useState(false)
  return (
    <Paper p="sm">
      <Stack gap="xs">
        <Title order={3}>Inputs of {task}</Title>
        {open ? (
          <Form run={run} task={task} instance={instance} action={action} onChange={onChange} />
        ) : (
          <Button
            size="xs"
            variant="default"
            w="fit-content"
            leftSection={<IconPencil size={14} stroke={1.6} aria-hidden />}
            onClick={() => setOpen(true)}
          >
            Give it other inputs
          </Button>
        )}
      </Stack>
    </Paper>
  )
}

function Form({ run, task, instance, action, onChange }: EditInputsProps) {
  const given = useInputs({ run: run.id, stage: `${run.finished_at}` }, { task, instance })
  const schema = useSchema(action)
  const [value, setValue] = useState<Values | null>(null)
  return (
    <Loaded of={given} lines={3}>
      {told => {
        const before = told?.inputs ?? {}
        const fields = schema ?? looseSchema(before)
        const wrong = (after: Values): Mistakes => ({
          ...Object.fromEntries(emptied(before, after).map(name => [name, 'is replaced here, and cannot be left out'])),
          ...mistakesOf(fields, before, after),
        })
        return (
          <>
            <Text size="xs" className="g-quiet">
              What you change replaces the expression in the workflow, for this run alone. Secrets cannot be given here.
            </Text>
            <SchemaForm
              schema={fields}
              value={value ?? before}
              errors={value ? wrong(value) : undefined}
              onChange={next => {
                setValue(next)
                onChange(replaced(before, next), Object.keys(wrong(next)).length > 0)
              }}
            />
          </>
        )
      }}
    </Loaded>
  )
}

/** The JSON Schema of what an action or a workflow takes; undefined: it is not known (yet). */
function useSchema(action: string | undefined): Record<string, unknown> | undefined {
  const isAction = action?.includes('.') ?? false
  const asAction = query.useQuery(
    'get',
    '/actions/{action}',
    { params: { path: { action: action ?? '' } } },
    { enabled: isAction, retry: false },
  )
  const asWorkflow = query.useQuery(
    'get',
    '/workflows/{workflow}',
    { params: { path: { workflow: action ?? '' } } },
    { enabled: action !== undefined && !isAction, retry: false },
  )
  const found = isAction ? asAction.data?.input_schema : asWorkflow.data?.inputs
  return found as Record<string, unknown> | undefined
}

/** Of what nothing is known, a field of any kind for each value. */
function looseSchema(values: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties: Object.fromEntries(Object.keys(values).map(name => [name, {}])) }
}
