import { Badge, Checkbox, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { HintLine } from '~/parts/HintLine'
import { sentence } from '~/parts/Problem'

interface LineProps {
  row: Schemas['ConnectImportRow']
  /** Nothing is done yet: it can be picked. */
  planned: boolean
  picked: boolean
  toggle: () => void
}

/** An entity that becomes an organisation, or why it does not. */
export function EntityLine({ row, planned, picked, toggle }: LineProps) {
  if (planned && row.status === 'imported')
    return (
      <Checkbox
        py={8}
        px={4}
        label={
          <>
            {row.name} <span className="g-quiet g-mono">{row.id}</span>
          </>
        }
        checked={picked}
        onChange={toggle}
      />
    )
  return (
    <Group gap={8} py={6} px={4} wrap="nowrap" align="flex-start">
      <Badge color="gray" style={{ flex: 'none' }}>
        {row.status}
      </Badge>
      <Text size="sm">
        {row.organisation ? (
          <Link className="g-link" to={to.organisation(row.organisation)}>
            {row.name}
          </Link>
        ) : (
          row.name
        )}{' '}
        <span className="g-quiet g-mono">{row.id}</span>{' '}
        <span className="g-quiet">
          {row.error ? sentence(row.error.message) : row.why && <HintLine hint={row.why} />}
        </span>
      </Text>
    </Group>
  )
}
