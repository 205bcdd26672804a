import { ActionIcon, Badge, Button, Group, Menu, Paper, Stack, Text, Title } from '@mantine/core'
import {
  IconDotsVertical,
  IconKey,
  IconPencil,
  IconPlugConnected,
  IconStar,
  IconStarOff,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { refresh } from '~/api/cache'
import { api, query, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { to } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { Tested } from './Badges'
import { ConfigureInstance } from './ConfigureInstance'
import { placeOf, RemoveInstance, RenameInstance, RotateInstance } from './instanceDialogues'
import { Outcome } from './Outcome'

type Instance = Schemas['Instance']

interface InstancesProps {
  instances: Instance[]
  /** It stands among those of all organisations, below a heading: whose each is stands with it. */
  withOwner?: boolean
  /** By the ids of instances: the organisations that are mapped under each. */
  mapped: Map<string, string[]>
}

/** Configured copies of integrations, and what can be done with each. */
export function Instances({ instances, withOwner, mapped }: InstancesProps) {
  return (
    <Stack gap="sm">
      {instances.map(instance => (
        <OneInstance
          key={instance.id}
          instance={instance}
          withOwner={withOwner}
          mapped={mapped.get(instance.id) ?? []}
        />
      ))}
    </Stack>
  )
}

type Open = 'edit' | 'rename' | 'rotate' | 'remove' | null

function OneInstance({ instance, withOwner, mapped }: { instance: Instance; withOwner?: boolean; mapped: string[] }) {
  const { mayAnywhere } = useSession()
  const may = mayAnywhere('admin')
  const [open, setOpen] = useState<Open>(null)
  const [report, setReport] = useState<Schemas['TestReport'] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const close = () => setOpen(null)
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
          <Text size="sm" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
            {Object.entries(instance.config)
              .map(([k, v]) => `${k}: ${v}`)
              .join(' · ')}
          </Text>
          {(instance.secret_fields ?? []).length > 0 && (
            <Text size="sm" className="g-quiet">
              Stored secrets: {(instance.secret_fields ?? []).join(', ')}. They are never shown.
            </Text>
          )}
          {mapped.length > 0 && (
            <Text size="sm">
              <Link className="g-link" to={to.mapping(instance.integration)}>
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
          <More instance={instance} disabled={!may} open={setOpen} />
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
      {open === 'edit' && <Edit instance={instance} close={close} />}
      {open === 'rename' && <RenameInstance instance={instance} close={close} />}
      {open === 'rotate' && <RotateInstance instance={instance} close={close} />}
      {open === 'remove' && <RemoveInstance instance={instance} mapped={mapped} close={close} />}
    </Paper>
  )
}

function addressOf(instance: Instance): string | undefined {
  return Object.values(instance.config).find((v): v is string => typeof v === 'string' && /^https?:|\.[a-z]/.test(v))
}

function Edit({ instance, close }: { instance: Instance; close: () => void }) {
  const integration = query.useQuery('get', '/integrations/{integration}', {
    params: { path: { integration: instance.integration } },
  })
  if (!integration.data) return <Problem error={integration.error} />
  return (
    <ConfigureInstance
      integration={integration.data}
      instance={instance}
      organisation={instance.organisation}
      close={close}
    />
  )
}

function More({ instance, disabled, open }: { instance: Instance; disabled: boolean; open: (what: Open) => void }) {
  const path = placeOf(instance).path
  const setDefault = async (on: boolean) => {
    try {
      if (on)
        await api.PUT('/organisations/{org}/instances/{integration}/default', {
          params: { path },
          body: { name: instance.name },
        })
      else await api.DELETE('/organisations/{org}/instances/{integration}/default', { params: { path } })
      tell.done(on ? `${instance.name} is the default now.` : `${instance.organisation_name} has no default now.`)
      await refresh('integrations')
    } catch (e) {
      tell.failure(e)
    }
  }
  const rotates = (instance.secret_fields ?? []).length > 0
  return (
    <Menu position="bottom-end" disabled={disabled}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} disabled={disabled} aria-label={`More for ${instance.name}`}>
          <IconDotsVertical size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => open('rename')}>
          Rename
        </Menu.Item>
        {rotates && (
          <Menu.Item leftSection={<IconKey size={15} />} onClick={() => open('rotate')}>
            Give it a new secret
          </Menu.Item>
        )}
        {instance.default ? (
          <Menu.Item leftSection={<IconStarOff size={15} />} onClick={() => void setDefault(false)}>
            Make it no longer the default
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconStar size={15} />} onClick={() => void setDefault(true)}>
            Make it the default
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={15} />} onClick={() => open('remove')}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
