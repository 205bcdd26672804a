import { Button, Group, Paper, SimpleGrid, Text, Title } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { base, query } from '~/api/client'
import { Loaded } from '~/parts/Page'
import { When } from '~/parts/When'

/** Which Gantry answers, since when, and what it keeps. */
export function ServerState() {
  const server = query.useQuery('get', '/server')
  const status = query.useQuery('get', '/server/status')
  return (
    <Paper component="section" aria-label="This server">
      <Group justify="space-between" mb="xs">
        <Title order={2}>This server</Title>
        <Button
          component="a"
          href={`${base}/openapi.json`}
          variant="default"
          size="xs"
          leftSection={<IconDownload size={14} />}
          download="gantry-openapi.json"
        >
          The API as OpenAPI
        </Button>
      </Group>
      <Loaded of={server} lines={2}>
        {data => (
          <SimpleGrid cols={{ base: 2, md: 4 }} spacing="xs">
            <Fact label="Version">{data.version}</Fact>
            <Fact label="Serves since">
              <When at={data.started_at} />
            </Fact>
            <Fact label="Runs that wait to begin">{status.data?.queued ?? '–'}</Fact>
            <Fact label="Files not in use as they lie there">{status.data?.broken?.length ?? '–'}</Fact>
          </SimpleGrid>
        )}
      </Loaded>
      <Text size="sm" className="g-quiet" mt="sm">
        A backup is made on the server with <code>gantry backup</code>, the master key is renewed with{' '}
        <code>gantry keys rotate</code>.
      </Text>
    </Paper>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" className="g-quiet">
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  )
}
