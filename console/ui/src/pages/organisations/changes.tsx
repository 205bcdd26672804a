import { TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { to } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { tell } from '~/parts/tell'

export interface ChangeProps {
  organisation: Schemas['OrganisationDetail']
  close: () => void
}

export function RenameOrganisation({ organisation: o, close }: ChangeProps) {
  const navigate = useNavigate()
  const [name, setName] = useState(o.name)
  const [slug, setSlug] = useState(o.slug)
  const act = async () => {
    const { data } = await api.PATCH('/organisations/{org}', {
      params: { path: { org: o.slug } },
      body: { name: name.trim(), slug: slug.trim() === o.slug ? undefined : slug.trim() },
    })
    if (!data) return
    tell.done(
      data.slug === o.slug
        ? `It is now ${data.name}.`
        : `It is now ${data.name} (${data.slug}). The slug ${o.slug} still finds it.`,
    )
    if (data.slug !== o.slug) void navigate(to.organisation(data.slug), { replace: true })
    await refresh('organisations')
  }
  return (
    <Dialogue title={`Rename ${o.name}`} go="Rename" close={close} act={act} disabled={!name.trim() || !slug.trim()}>
      <TextInput label="Name" required data-autofocus value={name} onChange={e => setName(e.currentTarget.value)} />
      <TextInput
        label="Slug"
        description="The slug of before stays its own, and still finds it."
        required
        value={slug}
        onChange={e => setSlug(e.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </Dialogue>
  )
}

export function EditTags({ organisation: o, known, close }: ChangeProps & { known: string[] }) {
  const before = o.tags ?? []
  const [tags, setTags] = useState(before)
  const act = async () => {
    await api.POST('/organisations/{org}/tags', {
      params: { path: { org: o.slug } },
      body: { add: tags.filter(t => !before.includes(t)), remove: before.filter(t => !tags.includes(t)) },
    })
    tell.done(`The tags of ${o.name} are changed.`)
    await refresh('organisations')
  }
  return (
    <Dialogue title={`Tags of ${o.name}`} go="Save tags" close={close} act={act}>
      <TagsInput
        label="Tags"
        comboboxProps={{ position: 'top' }}
        description="Workflows can run for all organisations with a tag: a tag may switch them on for this one."
        data={known}
        value={tags}
        onChange={setTags}
        data-autofocus
      />
    </Dialogue>
  )
}

export function MoveOrganisation({ organisation: o, close }: ChangeProps) {
  const [parent, setParent] = useState(o.parent ?? '')
  const act = async () => {
    const { data } = await api.POST('/organisations/{org}/move', {
      params: { path: { org: o.slug } },
      body: { parent },
    })
    if (!data) return
    const said = (list: Schemas['Inherited'][] | null, words: string) =>
      list && list.length > 0 ? ` ${words}: ${list.map(v => `${v.name} of ${v.source}`).join(', ')}.` : ''
    tell.done(
      `${o.name} now stands below ${data.parent_name}.${said(data.lost, 'It no longer inherits')}${said(data.gained, 'It now inherits')}`,
    )
    await refresh('organisations', 'variables')
  }
  return (
    <Dialogue
      title={`Move ${o.name}`}
      go="Move"
      close={close}
      act={act}
      disabled={parent === '' || parent === (o.parent ?? '')}
    >
      <Text size="sm">
        It goes with all below it. What it inherits changes with the place, secrets included: afterwards it is told what
        it has lost and gained.
      </Text>
      <OrganisationPicker label="Below" value={parent} onChange={setParent} />
    </Dialogue>
  )
}
