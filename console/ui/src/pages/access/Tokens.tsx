import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { Schemas } from '~/api/client'
import { Empty } from '~/parts/Empty'
import { List } from '~/parts/List'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { When } from '~/parts/When'

type Token = Schemas['AccessToken']

/** API tokens: for programs, which call with what their owner may, or less. */
export function Tokens({ tokens, revoke, add }: { tokens: Token[]; revoke: (t: Token) => void; add?: () => void }) {
  const name = useOrganisationName()
  if (tokens.length === 0)
    return (
      <Empty icon={IconKey} title="No tokens" actions={add && <Button onClick={add}>Make a token</Button>}>
        A token lets a program call the API: a script, a monitor, another system. It may do what its owner may, or less,
        and it is shown once.
      </Empty>
    )
  return (
    <Stack gap="xs">
      <List
        label="API tokens"
        rows={tokens}
        id={t => t.id}
        columns={[
          {
            label: 'Token',
            cell: t => (
              <Group gap="xs">
                {t.name}
                <Code>…{t.ending}</Code>
              </Group>
            ),
          },
          { label: 'May', cell: t => <MayDo token={t} /> },
          { label: 'Where', cell: t => (t.organisation ? name(t.organisation) : 'all that its owner reaches') },
          { label: 'Last used', cell: t => (t.used_at ? <When at={t.used_at} /> : <Text size="sm">never</Text>) },
          { label: 'Holds until', cell: t => (t.expires_at ? <When at={t.expires_at} /> : 'it is revoked') },
          {
            label: '',
            align: 'right',
            cell: t => (
              <Button size="compact-xs" variant="subtle" color="red" onClick={() => revoke(t)}>
                Revoke
              </Button>
            ),
          },
        ]}
      />
      {add && (
        <Group>
          <Button variant="default" size="xs" onClick={add}>
            Make a token
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function MayDo({ token }: { token: Token }) {
  return (
    <Group gap={4}>
      {token.role && <Badge color="gray">at most {token.role}</Badge>}
      {(token.scopes ?? []).map(s => (
        <Code key={s}>{s}</Code>
      ))}
    </Group>
  )
}
