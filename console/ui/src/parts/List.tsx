import { Button, Group, ScrollArea, Table, Text, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'

export interface Column<T> {
  /** The heading; also what stands before the value where rows are cards. "" for buttons. */
  label: string
  cell: (row: T) => ReactNode
  width?: string | number
  align?: 'left' | 'right'
}

interface ListProps<T> {
  /** What the table is of, for screen readers. */
  label: string
  rows: T[]
  columns: Column<T>[]
  id: (row: T) => string
  /** There are older rows; undefined: there are none. */
  more?: () => void
  loadingMore?: boolean
}

/** A table, whose rows become cards on a phone. The first column names the row. */
export function List<T>({ label, rows, columns, id, more, loadingMore }: ListProps<T>) {
  return (
    <>
      <ScrollArea type="auto">
        <Table className="g-list" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(c => (
                <Table.Th key={c.label} w={c.width} ta={c.align} fw={550} fz="sm" className="g-quiet">
                  {c.label || <VisuallyHidden>What can be done</VisuallyHidden>}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(row => (
              <Table.Tr key={id(row)}>
                {columns.map((c, i) => (
                  <Table.Td key={c.label} data-label={i > 0 ? c.label || undefined : undefined} ta={c.align}>
                    {c.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      {more && (
        <Group justify="center">
          <Button variant="default" size="xs" onClick={more} loading={loadingMore}>
            Show older ones
          </Button>
        </Group>
      )}
      {rows.length === 0 && (
        <Text size="sm" className="g-quiet">
          Nothing fits what is looked for.
        </Text>
      )}
    </>
  )
}
