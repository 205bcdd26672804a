import { Code, List, PasswordInput, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { tell } from '~/parts/tell'
import { Dialogue } from './Dialogue'
import { titleOf } from './form'

type Instance = Schemas['Instance']

/** What operations on an instance are told of it. */
export function placeOf(instance: Instance) {
  return {
    path: { org: instance.organisation, integration: instance.integration },
    query: { name: instance.name },
  }
}

export function RenameInstance({ instance, close }: { instance: Instance; close: () => void }) {
  const [name, setName] = useState(instance.name)
  const act = async () => {
    const { data } = await api.POST('/organisations/{org}/instances/{integration}/rename', {
      params: placeOf(instance),
      body: { new_name: name },
    })
    const named = data?.named_by ?? []
    tell.done(
      named.length > 0
        ? `It is now ${name}. Change these workflows, which name it by the old name: ${named.join(', ')}`
        : `It is now ${name}.`,
    )
    await refresh('integrations')
  }
  return (
    <Dialogue title={`Rename ${instance.name}`} go="Rename" close={close} act={act} disabled={name.trim() === ''}>
      <TextInput
        label="Name"
        description="Workflows that name it in an override have to be changed; they are told afterwards."
        data-autofocus
        value={name}
        onChange={e => setName(e.currentTarget.value)}
      />
    </Dialogue>
  )
}

interface InstanceProps {
  instance: Instance
  integration?: Schemas['Integration']
  close: () => void
}

export function RotateInstance({ instance, integration, close }: InstanceProps) {
  const fields = instance.secret_fields ?? []
  const [field, setField] = useState(fields[0] ?? '')
  const [secret, setSecret] = useState('')
  const act = async () => {
    await api.POST('/organisations/{org}/instances/{integration}/rotate', {
      params: placeOf(instance),
      body: { field, secret },
    })
    tell.done(`${instance.name} works with its new secret.`)
    await refresh('integrations')
  }
  return (
    <Dialogue title={`A new secret for ${instance.name}`} go="Test and save" close={close} act={act} disabled={!secret}>
      <Text size="sm">The new secret is tested first. It counts from the next request of any run.</Text>
      {fields.length > 1 && (
        <Select
          label="Which secret"
          data={fields.map(name => ({ value: name, label: titleOf(integration, name) }))}
          value={field}
          onChange={v => v && setField(v)}
          allowDeselect={false}
        />
      )}
      <PasswordInput
        label={field ? titleOf(integration, field) : 'Secret'}
        autoComplete="new-password"
        data-autofocus
        value={secret}
        onChange={e => setSecret(e.currentTarget.value)}
      />
    </Dialogue>
  )
}

/** Asks before an instance goes. Where it is in use it says by what, and takes the mappings along when told to. */
export function RemoveInstance({
  instance,
  mapped,
  close,
}: {
  instance: Instance
  mapped: string[]
  close: () => void
}) {
  const nameOf = useOrganisationName()
  const [typed, setTyped] = useState('')
  const act = async () => {
    await api.DELETE('/organisations/{org}/instances/{integration}', {
      params: { path: placeOf(instance).path, query: { name: instance.name, force: typed === instance.name } },
    })
    tell.done(`${instance.name} is removed.`)
    await refresh('integrations', 'mappings')
  }
  const inUse = mapped.length > 0
  return (
    <Dialogue
      title={`Remove ${instance.name}?`}
      go="Remove"
      danger
      close={close}
      act={act}
      disabled={inUse && typed !== instance.name}
    >
      <Text size="sm">
        {instance.name} of {instance.organisation_name} goes with its secrets. Runs that need it fail until there is
        another one.
      </Text>
      {inUse && (
        <>
          <Text size="sm">
            Its mappings go along: {mapped.length} organisation{mapped.length === 1 ? ' is' : 's are'} mapped under it.
          </Text>
          <List size="sm">
            {mapped.slice(0, 5).map(slug => (
              <List.Item key={slug}>{nameOf(slug)}</List.Item>
            ))}
            {mapped.length > 5 && <List.Item>and {mapped.length - 5} more</List.Item>}
          </List>
        </>
      )}
      <TextInput
        label={
          <>
            Type <Code>{instance.name}</Code>{' '}
            {inUse ? 'to remove it with them' : 'to remove it even when workflows name it'}
          </>
        }
        data-autofocus
        value={typed}
        onChange={e => setTyped(e.currentTarget.value)}
      />
    </Dialogue>
  )
}
