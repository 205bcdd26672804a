import { TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { useSession } from '~/app/session'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { to } from '~/parts/address'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { tell } from '~/parts/tell'
import { slugOf } from './tree'

/** Adds an organisation. */
export function NewOrganisation({
  tags: known,
  parent,
  close,
}: {
  tags: string[]
  parent?: string
  close: () => void
}) {
  const navigate = useNavigate()
  const { mayEverywhere } = useSession()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState('')
  const [above, setAbove] = useState(parent ?? '')
  const [tags, setTags] = useState<string[]>([])
  const act = async () => {
    const { data } = await api.POST('/organisations', {
      body: { name: name.trim(), slug: slug.trim() || undefined, parent: above || undefined, tags },
    })
    if (!data) return undefined
    tell.done(`${data.name} stands below ${data.parent_name}.`)
    await refresh('organisations')
    return () => void navigate(to.organisation(data.slug))
  }
  return (
    <Dialogue title="New organisation" go="Add" close={close} act={act} disabled={name.trim() === ''}>
      <TextInput label="Name" required data-autofocus value={name} onChange={e => setName(e.currentTarget.value)} />
      <TextInput
        label="Slug"
        description="Its short name in commands, files and addresses. Left empty it is made of the name."
        placeholder={slugOf(name)}
        value={slug}
        onChange={e => setSlug(e.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <OrganisationPicker label="Below" value={above} onChange={setAbove} none="the MSP" />
      {mayEverywhere('admin') ? (
        <TagsInput
          label="Tags"
          comboboxProps={{ position: 'top' }}
          description="Workflows can run for all organisations with a tag."
          data={known}
          value={tags}
          onChange={setTags}
        />
      ) : (
        <Text size="xs" className="g-quiet">
          Tags are given by those who administer the MSP.
        </Text>
      )}
    </Dialogue>
  )
}
