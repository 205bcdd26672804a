import { Badge, Button, Code, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import { Search } from '~/parts/Search'
import classes from './actions.module.css'
import { type FieldRow, searched } from './shapes'

/** So many fields are shown at first; entities may have hundreds. */
const atFirst = 40
/** More than so many can be searched. */
const few = 12

/** The fields of a shape: name, type, meaning; shapes within it can be unfolded. */
export function Fields({ label, rows }: { label: string; rows: FieldRow[] }) {
  const [search, setSearch] = useState('')
  const [all, setAll] = useState(false)
  const found = searched(rows, search)
  const folds = rows.some(r => r.fields.length > 0)
  const shown = all ? found : found.slice(0, atFirst)
  return (
    <Stack gap="xs">
      {rows.length > few && (
        <Search
          label={`Search in ${label}`}
          unlabelled
          placeholder={`Search ${rows.length} fields`}
          value={search}
          onChange={setSearch}
          maw={300}
        />
      )}
      <ul aria-label={label} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {shown.map(r => (
          <Field key={r.name} row={r} depth={0} open={search.trim() !== ''} folds={folds} />
        ))}
      </ul>
      {shown.length < found.length && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setAll(true)}>
            Show all {found.length}
          </Button>
        </Group>
      )}
      {found.length === 0 && (
        <Text size="sm" className="g-quiet">
          No field has this in its name or meaning.
        </Text>
      )}
    </Stack>
  )
}

interface FieldProps {
  row: FieldRow
  depth: number
  open: boolean
  /** There is room for the sign that unfolds. */
  folds: boolean
}

function Field({ row, depth, open, folds }: FieldProps) {
  const [unfolded, setUnfolded] = useState<boolean | null>(null)
  const nested = row.fields.length > 0
  const is = unfolded ?? open
  const Chevron = is ? IconChevronDown : IconChevronRight
  return (
    <li>
      <div className={classes.field} style={{ paddingLeft: depth * 18 }}>
        <Group gap={6} align="start" wrap="nowrap">
          {nested ? (
            <UnstyledButton
              onClick={() => setUnfolded(!is)}
              aria-expanded={is}
              aria-label={`Fields of ${row.name}`}
              mt={2}
              style={{ flex: 'none' }}
            >
              <Chevron size={16} aria-hidden />
            </UnstyledButton>
          ) : (
            folds && <span style={{ width: 16, flex: 'none' }} />
          )}
          <Text size="sm" className="g-mono" fw={550} style={{ overflowWrap: 'anywhere' }}>
            {row.name}
          </Text>
          {row.required && <Badge variant="default">needed</Badge>}
        </Group>
        <Text size="sm" className="g-quiet">
          {row.type}
        </Text>
        <Stack gap={2}>
          {row.description && <Text size="sm">{row.description}</Text>}
          {row.deprecated && (
            <Text size="sm">
              <b>Not to be used any more:</b> {row.deprecated}
            </Text>
          )}
          {(row.otherwise || row.bounds) && (
            <Text size="xs" className="g-quiet" component="div">
              {row.otherwise && (
                <>
                  Default <Code>{row.otherwise}</Code>{' '}
                </>
              )}
              {row.bounds}
            </Text>
          )}
          {row.choices.length > 0 && (
            <Text size="xs" className="g-quiet" component="div">
              One of{' '}
              {row.choices.slice(0, 30).map(c => (
                <Code key={c} mr={4}>
                  {c}
                </Code>
              ))}
              {row.choices.length > 30 && `and ${row.choices.length - 30} more`}
            </Text>
          )}
        </Stack>
      </div>
      {nested && is && (
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {row.fields.map(f => (
            <Field key={f.name} row={f} depth={depth + 1} open={open} folds />
          ))}
        </ul>
      )}
    </li>
  )
}
