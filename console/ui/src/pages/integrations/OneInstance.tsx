import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconPencil, IconPlugConnected } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { Tested } from './Badges'
import { ConfigureInstance } from './ConfigureInstance'
import { shownConfig, titleOf } from './form'
import { type Deed, InstanceMenu } from './InstanceMenu'
import { placeOf, RemoveInstance, RenameInstance, RotateInstance } from './instanceDialogues'
import { Outcome } from './Outcome'

type Instance = Schemas['Instance']

interface OneProps {
  instance: Instance
  withOwner?: boolean
  /** The organisations that are mapped under it. */
  mapped: string[]
}

/** A configured copy of an integration: how it stands, and what can be done with it. */
export function OneInstance({ instance, withOwner, mapped }: OneProps) {
  const { mayAnywhere } = useSession()
  const may = mayAnywhere('admin')
  const [open, setOpen] = useState<Deed | 'edit' | null>(null)
  const [report, setReport] = useState<Schemas['TestReport'] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const close = () => setOpen(null)
  const integrations = query.useQuery('get', '/integrations')
  const integration = integrations.data?.integrations?.find(i => i.id === instance.integration)
  const test = async () => {
    setBusy(true)
    setError(null)
    setReport(null)
    try {
      const { data } = await api.POST('/organisations/{org}/instances/{integration}/test', {
        params: placeOf(instance),
      })
      if (data) setReport(data)
      await refresh('integrations')
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Paper component="section" aria-label={instance.name}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0} flex="1 1 260px">
          <Group gap="xs">
            <Title order={withOwner ? 3 : 2} size="h3">
              {instance.name}
            </Title>
            {instance.default && <Badge color="gray">default</Badge>}
            <Tested test={instance.tested} />
          </Group>
          {withOwner && (
            <Text size="sm">
              <span className="g-quiet">of </span>
              <Link className="g-link" to={`${to.organisation(instance.organisation)}?tab=integrations`}>
                {instance.organisation_name}
              </Link>
            </Text>
          )}
          <Configuration instance={instance} integration={integration} />
          {mapped.length > 0 && (
            <Text size="sm">
              <Link className="g-link" to={`${to.mapping(instance.integration)}?instance=${instance.id}`}>
                {mapped.length} organisation{mapped.length === 1 ? '' : 's'} mapped
              </Link>
            </Text>
          )}
        </Stack>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlugConnected size={15} stroke={1.6} aria-hidden />}
            loading={busy}
            disabled={!may}
            onClick={() => void test()}
          >
            Test
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} stroke={1.6} aria-hidden />}
            disabled={!may}
            onClick={() => setOpen('edit')}
          >
            Change
          </Button>
          <InstanceMenu instance={instance} disabled={!may} open={setOpen} />
        </Group>
      </Group>
      {!may && (
        <Text size="xs" className="g-quiet" mt="xs">
          Testing and changing needs the role admin. An administrator can give it to you.
        </Text>
      )}
      {(report || error !== null) && (
        <Stack mt="sm">
          {report && <Outcome report={report} address={addressOf(instance)} />}
          <Problem error={error} />
        </Stack>
      )}
      {open === 'edit' && integration && (
        <ConfigureInstance
          integration={integration}
          instance={instance}
          organisation={instance.organisation}
          close={close}
        />
      )}
      {open === 'rename' && <RenameInstance instance={instance} close={close} />}
      {open === 'rotate' && <RotateInstance instance={instance} integration={integration} close={close} />}
      {open === 'remove' && <RemoveInstance instance={instance} mapped={mapped} close={close} />}
    </Paper>
  )
}

function addressOf(instance: Instance): string | undefined {
  return Object.values(instance.config).find((v): v is string => typeof v === 'string' && /^https?:|\.[a-z]/.test(v))
}

/** What is set, by the titles of the fields; secrets are there, and never shown. */
function Configuration({ instance, integration }: { instance: Instance; integration?: Schemas['Integration'] }) {
  const secrets = instance.secret_fields ?? []
  return (
    <>
      <Text size="sm" className="g-quiet" style={{ overflowWrap: 'anywhere' }}>
        {shownConfig(instance, integration).map(([title, value], i) => (
          <Fragment key={title}>
            {i > 0 && ' · '}
            {title}: <span className="g-mono">{value}</span>
          </Fragment>
        ))}
      </Text>
      {secrets.length > 0 && (
        <Text size="sm" className="g-quiet">
          Stored secrets: {secrets.map(name => titleOf(integration, name)).join(', ')}. They are never shown.
        </Text>
      )}
    </>
  )
}
