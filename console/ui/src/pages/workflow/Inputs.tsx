import { Code, Text } from '@mantine/core'
import { List } from '~/parts/List'

interface Field {
  type?: string | string[]
  title?: string
  description?: string
  default?: unknown
}

/** What a workflow is given, as a table. */
export function Inputs({ schema, order }: { schema?: Record<string, unknown>; order: string[] }) {
  const fields = (schema?.properties ?? {}) as Record<string, Field>
  const required = new Set((schema?.required ?? []) as string[])
  const rows = order.map(name => ({ name, ...(fields[name] ?? {}), required: required.has(name) }))
  if (rows.length === 0) {
    return (
      <Text size="sm" className="g-quiet">
        It takes no inputs.
      </Text>
    )
  }
  return (
    <List
      label="Inputs"
      rows={rows}
      id={r => r.name}
      columns={[
        { label: 'Input', cell: r => <span className="g-mono">{r.name}</span> },
        { label: 'Type', cell: r => [r.type ?? 'any'].flat().join(' or ') },
        { label: 'Needed', cell: r => (r.required ? 'yes' : 'no') },
        { label: 'Otherwise', cell: r => (r.default === undefined ? '' : <Code>{JSON.stringify(r.default)}</Code>) },
        { label: 'What it is', cell: r => r.description ?? r.title ?? '' },
      ]}
    />
  )
}
