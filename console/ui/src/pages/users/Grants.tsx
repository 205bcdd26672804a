import { Anchor, Badge, Button, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { Schemas } from '~/api/client'
import { to } from '~/parts/address'
import { List } from '~/parts/List'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { When } from '~/parts/When'

type Granted = Schemas['AccessGranted']

/** The roles of somebody: each over an organisation and all below it. */
export function Grants(props: { grants: Granted[]; revoke?: (g: Granted) => void }) {
  if (props.grants.length > 0) return <Listed {...props} />
  return (
    <Text size="sm" className="g-quiet">
      No role: nothing can be seen or done.
    </Text>
  )
}

function Listed({ grants, revoke }: Parameters<typeof Grants>[0]) {
  const name = useOrganisationName()
  return (
    <List
      label="Roles"
      rows={grants}
      id={g => g.organisation_id + g.role}
      columns={[
        {
          label: 'Over',
          cell: g =>
            g.organisation ? (
              <Anchor component={Link} to={to.organisation(g.organisation)} size="sm">
                {name(g.organisation)}
              </Anchor>
            ) : (
              <span className="g-mono">{g.organisation_id}</span>
            ),
        },
        { label: 'Role', cell: g => <Badge>{g.role}</Badge> },
        { label: 'Given by', cell: g => (g.source === 'provider' ? 'the sign-in provider' : g.granted_by) },
        { label: 'Since', cell: g => <When at={g.granted_at} /> },
        {
          label: '',
          align: 'right',
          cell: g =>
            revoke &&
            g.organisation && (
              <Button size="compact-xs" variant="subtle" color="red" onClick={() => revoke(g)}>
                Take away
              </Button>
            ),
        },
      ]}
    />
  )
}
