import { ActionIcon, Badge, Group, Text } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import type { Column } from '~/parts/List'
import { When } from '~/parts/When'
import { oneLine, typeWord, type Variable } from './variable'

interface ColumnsProps {
  /** The organisation whose variables they are. */
  slug: string
  /** The names of organisations, by their slugs. */
  names: Map<string, string>
  edit: (variable: Variable) => void
  remove: (variable: Variable) => void
}

/** The columns of a list of variables: what each is, whose value it has, and what can be done with it. */
export function useVariableColumns(props: ColumnsProps): Column<Variable>[] {
  const { slug, names } = props
  return [
    { label: 'Name', cell: v => <span className="g-mono">{v.name}</span> },
    { label: 'Type', cell: v => typeWord(v.type), width: 90 },
    { label: 'Value', cell: v => <Value variable={v} /> },
    {
      label: 'From',
      cell: v => (
        <Group gap={6} component="span" wrap="wrap">
          {v.source === slug ? (
            'own'
          ) : (
            <Link className="g-link" to={`${to.organisation(v.source)}?tab=variables`}>
              {names.get(v.source) ?? v.source}
            </Link>
          )}
          {v.local && <Badge color="gray">local</Badge>}
        </Group>
      ),
    },
    { label: '', align: 'right', cell: v => <Deeds variable={v} {...props} /> },
  ]
}

function Value({ variable: v }: { variable: Variable }) {
  return (
    <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }} component="div">
      {oneLine(v)}
      {v.type === 'secret' && v.set_at && (
        <span className="g-quiet">
          {' '}
          set <When at={v.set_at} />
        </span>
      )}
    </Text>
  )
}

function Deeds({ variable: v, slug, edit, remove }: { variable: Variable } & ColumnsProps) {
  const { mayAnywhere } = useSession()
  const needs = v.type === 'secret' ? 'admin' : 'author'
  const own = v.source === slug
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      <AllowedButton
        needs={needs}
        everywhere={false}
        size="compact-xs"
        variant="default"
        leftSection={own ? <IconPencil size={13} aria-hidden /> : undefined}
        aria-label={`${own ? 'Change' : 'Override'} ${v.name}`}
        onClick={() => edit(v)}
      >
        {own ? 'Change' : 'Override'}
      </AllowedButton>
      {own && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          disabled={!mayAnywhere(needs)}
          aria-label={`Remove ${v.name}`}
          onClick={() => remove(v)}
        >
          <IconTrash size={15} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  )
}
