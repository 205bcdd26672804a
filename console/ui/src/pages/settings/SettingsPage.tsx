import { Alert, Badge, Code, Group, Paper, Stack, Switch, Table, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { useAddress } from '~/parts/address'
import { NotForYou } from '~/parts/NotForYou'
import { Loaded, Page } from '~/parts/Page'
import { ServerState } from './ServerState'
import { isUnset, told } from './told'

type Section = Schemas['SettingsSection']

/** What gantry.yaml says and what is in effect, for those who administer the MSP. */
export function SettingsPage() {
  const { mayEverywhere } = useSession()
  return mayEverywhere('admin') ? <Settings /> : <NotForYou title="Settings" needs="admin" over=" over the MSP" />
}

function Settings() {
  const settings = query.useQuery('get', '/settings')
  const [only, setOnly] = useAddress('only')
  return (
    <Page
      title="Settings"
      about={
        <>
          What <code>gantry.yaml</code> says, with all that it could say. It decides what this machine may reach and who
          signs in, so it is changed on the server, in the file, by whoever runs Gantry; most of it counts at once.
        </>
      }
      actions={
        <Switch
          label="Only what is set"
          checked={only === 'set'}
          onChange={e => setOnly(e.currentTarget.checked ? 'set' : null)}
        />
      }
    >
      <ServerState />
      <Loaded of={settings}>
        {data => (
          <Stack>
            <Group gap="xs">
              <Text size="sm">The file:</Text>
              <Code>{data.file}</Code>
              {!data.exists && <Badge color="gray">not there: everything has its default</Badge>}
            </Group>
            {(data.problems?.length ?? 0) > 0 && (
              <Alert
                color="red"
                icon={<IconAlertTriangle />}
                title="Something in the file is wrong; its defaults are in effect there"
              >
                {data.problems?.map(p => (
                  <Text key={`${p.line}:${p.column}`} size="sm">
                    Line {p.line}: {p.message}
                    {p.hint && ` (${p.hint})`}
                  </Text>
                ))}
              </Alert>
            )}
            {(data.sections ?? []).map(s => (
              <SectionView key={s.id} section={s} onlySet={only === 'set'} />
            ))}
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function SectionView({ section, onlySet }: { section: Section; onlySet: boolean }) {
  const rows = (section.settings ?? []).filter(s => !onlySet || s.written)
  if (rows.length === 0) return null
  return (
    <Paper component="section" aria-label={section.title}>
      <Title order={2}>{section.title}</Title>
      <Text size="sm" className="g-quiet" mb="xs">
        {section.text}
      </Text>
      <Table className="g-list" highlightOnHover={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="32%">Setting</Table.Th>
            <Table.Th w="24%">In effect</Table.Th>
            <Table.Th>What it is for</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(s => (
            <Table.Tr key={s.key}>
              <Table.Td>
                <span className="g-mono">{s.key}</span>
              </Table.Td>
              <Table.Td data-label="In effect">
                <Group gap={6}>
                  <Text
                    size="sm"
                    fw={s.written ? 600 : undefined}
                    className={isUnset(s.value) ? 'g-quiet' : undefined}
                    style={{ overflowWrap: 'anywhere' }}
                  >
                    {told(s.value)}
                  </Text>
                  {s.written ? <Badge>set</Badge> : <Badge color="gray">default</Badge>}
                  {s.pending && <Badge color="yellow">another after a restart</Badge>}
                </Group>
              </Table.Td>
              <Table.Td className="g-wide">
                <Text size="sm" className="g-quiet">
                  {s.doc}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
