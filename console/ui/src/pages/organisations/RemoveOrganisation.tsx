import { Checkbox, List, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { ChangeProps } from './changes'

/** Takes an organisation out of use, and tells who goes along. */
export function RemoveOrganisation({ organisation: o, close }: ChangeProps) {
  const navigate = useNavigate()
  const nameOf = useOrganisationName()
  const below = (o.children ?? []).length > 0
  const [withChildren, setWithChildren] = useState(false)
  const [goes, setGoes] = useState<string[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  // What would go is asked of the server, also when there is nobody below: somebody may have been added meanwhile.
  useEffect(() => {
    let gone = false
    api
      .DELETE('/organisations/{org}', {
        params: { path: { org: o.slug }, query: { with_children: true, dry_run: true } },
      })
      .then(
        ({ data }) => !gone && setGoes(data?.organisations ?? []),
        e => !gone && setError(e),
      )
    return () => {
      gone = true
    }
  }, [o.slug])
  const act = async () => {
    await api.DELETE('/organisations/{org}', {
      params: { path: { org: o.slug }, query: { with_children: withChildren } },
    })
    tell.done(`${o.name} is removed. It stands under Removed, and can be restored.`)
    void navigate('/organisations')
    await refresh('organisations', 'mappings', 'integrations')
  }
  const others = (goes ?? []).filter(slug => slug !== o.slug)
  return (
    <Dialogue
      title={`Remove ${o.name}?`}
      go="Remove"
      danger
      close={close}
      act={act}
      disabled={!goes || (below && !withChildren)}
    >
      <Text size="sm">
        Nothing runs for it any more. Its variables, secrets, instances, mappings and runs are kept, and it can be
        restored under Removed.
      </Text>
      <Problem error={error} />
      {others.length > 0 && (
        <>
          <Text size="sm">These stand below it and go along:</Text>
          <List size="sm">
            {others.slice(0, 8).map(slug => (
              <List.Item key={slug}>{nameOf(slug)}</List.Item>
            ))}
            {others.length > 8 && <List.Item>and {others.length - 8} more</List.Item>}
          </List>
          <Checkbox
            label={`Remove all ${others.length + 1} of them`}
            checked={withChildren}
            onChange={e => setWithChildren(e.currentTarget.checked)}
          />
        </>
      )}
    </Dialogue>
  )
}
