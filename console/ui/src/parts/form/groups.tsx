import { ActionIcon, Box, Button, Fieldset, Group, Input, Paper, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { InputProps } from './FieldInput'
import { Fields } from './Fields'
import { asSchema, fieldsOf } from './schema'
import { inWords, toItem, type Values } from './values'

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function Help({ help, error }: { help: string; error?: string }) {
  return (
    <>
      {help && <Input.Description mb="xs">{help}</Input.Description>}
      {error && <Input.Error mb="xs">{error}</Input.Error>}
    </>
  )
}

/** An object within the form. */
export function ObjectInput({ field, at, label, help, error, value, onChange, disabled }: InputProps) {
  const fields = useMemo(() => fieldsOf(field.schema), [field.schema])
  return (
    <Fieldset legend={label} disabled={disabled}>
      <Help help={help} error={error} />
      <Fields
        fields={fields}
        path={`${at}.`}
        value={isObject(value) ? value : {}}
        onChange={next => onChange(Object.keys(next).length > 0 ? next : undefined)}
      />
    </Fieldset>
  )
}

/** A list of objects, each with a form of its own. */
export function RecordsInput({ field, at, label, help, error, value, onChange, disabled }: InputProps) {
  const items = asSchema(field.schema.items)
  const fields = useMemo(() => fieldsOf(items), [items])
  const rows = Array.isArray(value) ? value : []
  const emit = (next: unknown[]) => onChange(next.length > 0 ? next : undefined)
  const full = field.schema.maxItems !== undefined && rows.length >= field.schema.maxItems
  return (
    <Fieldset legend={label} disabled={disabled}>
      <Help help={help} error={error} />
      <Stack gap="sm">
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries have no identity but their place
          <Paper key={i} p="sm" role="group" aria-label={`${label}, entry ${i + 1}`}>
            <Group justify="space-between" mb="xs">
              <Text size="sm" fw={550}>
                {i + 1}
              </Text>
              <Group gap={4}>
                {i > 0 && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Entry ${i + 1}: move up`}
                    onClick={() => emit(rows.toSpliced(i - 1, 2, row, rows[i - 1]))}
                  >
                    <IconArrowUp size={16} aria-hidden />
                  </ActionIcon>
                )}
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Entry ${i + 1}: take away`}
                  onClick={() => emit(rows.toSpliced(i, 1))}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </Group>
            <Fields
              fields={fields}
              path={`${at}.${i}.`}
              value={isObject(row) ? row : {}}
              onChange={next => emit(rows.with(i, next))}
            />
          </Paper>
        ))}
        <Box>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={full}
            onClick={() => emit([...rows, {}])}
          >
            Add an entry
          </Button>
        </Box>
      </Stack>
    </Fieldset>
  )
}

interface Pair {
  key: string
  value: string
}

const pairsOf = (value: unknown): Pair[] =>
  isObject(value) ? Object.entries(value).map(([key, v]) => ({ key, value: v === null ? '' : inWords(v) })) : []

/** A map of names to texts or numbers. */
export function PairsInput({ field, label, help, error, value, onChange, disabled }: InputProps) {
  const each = asSchema(field.schema.additionalProperties)
  const [rows, setRows] = useState(() => pairsOf(value))
  const emit = (next: Pair[]) => {
    setRows(next)
    const filled = next.filter(p => p.key !== '')
    onChange(filled.length > 0 ? Object.fromEntries(filled.map(p => [p.key, toItem(p.value, each)])) : undefined)
  }
  const names = rows.map(r => r.key)
  return (
    <Fieldset legend={label} disabled={disabled}>
      <Help help={help} error={error} />
      <Stack gap="xs">
        {rows.map((row, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <Group key={i} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              flex={1}
              aria-label={`${label}, name ${i + 1}`}
              placeholder="Name"
              value={row.key}
              error={row.key !== '' && names.indexOf(row.key) < i ? 'stands there twice' : undefined}
              onChange={e => emit(rows.with(i, { ...row, key: e.currentTarget.value }))}
            />
            <TextInput
              flex={2}
              aria-label={`${label}, value ${i + 1}`}
              placeholder="Value"
              value={row.value}
              onChange={e => emit(rows.with(i, { ...row, value: e.currentTarget.value }))}
            />
            <ActionIcon
              mt={4}
              variant="subtle"
              color="gray"
              aria-label={`${label}: take away ${row.key || `row ${i + 1}`}`}
              onClick={() => emit(rows.toSpliced(i, 1))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
        <Box>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setRows([...rows, { key: '', value: '' }])}
          >
            Add a row
          </Button>
        </Box>
      </Stack>
    </Fieldset>
  )
}
