import { Code, List, Text, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { Coming } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Organisation } from './tree'

interface DeleteProps {
  /** A removed one; left out: all that were removed 30 days ago or earlier. */
  organisation?: Organisation
  close: () => void
}

/** Deletes removed organisations with all they have, and tells beforehand which. What was typed shows that it is meant. */
export function DeleteForGood({ organisation: o, close }: DeleteProps) {
  const { goes, error } = useGoes(o?.slug)
  const [typed, setTyped] = useState('')
  const word = o?.slug ?? 'delete'
  const n = goes?.length ?? 0
  const act = async () => {
    const { data } = await api.POST('/removed-organisations/purge', { body: { slug: o?.slug, now: o !== undefined } })
    const gone = data?.purged?.length ?? 0
    tell.done(`${gone} organisation${gone === 1 ? ' is' : 's are'} deleted for good.`)
    await refresh('organisations', 'mappings', 'integrations')
  }
  return (
    <Dialogue
      title={o ? `Delete ${o.name} for good?` : 'Delete what was removed long ago?'}
      go={n > 1 ? `Delete all ${n}` : 'Delete for good'}
      danger
      close={close}
      act={act}
      disabled={n === 0 || typed !== word}
    >
      <Problem error={error} />
      {!goes && !error && <Coming lines={2} />}
      {goes && n === 0 && <Text size="sm">No organisation was removed 30 days ago or earlier.</Text>}
      {goes && n > 0 && (
        <>
          <Text size="sm">
            {n > 1 ? 'These go' : `${goes[0]} goes`} with all variables, secrets, instances and mappings, and cannot be
            brought back. Runs keep their history, and slugs stay taken.
          </Text>
          {n > 1 && (
            <List size="sm">
              {goes.slice(0, 8).map(name => (
                <List.Item key={name}>{name}</List.Item>
              ))}
              {n > 8 && <List.Item>and {n - 8} more</List.Item>}
            </List>
          )}
          <TextInput
            label={
              <>
                Type <Code>{word}</Code> to go on
              </>
            }
            autoFocus
            autoComplete="off"
            value={typed}
            onChange={e => setTyped(e.currentTarget.value)}
          />
        </>
      )}
    </Dialogue>
  )
}

/** The names of those that would be deleted, the highest first. */
function useGoes(slug: string | undefined) {
  const [goes, setGoes] = useState<string[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let gone = false
    api.POST('/removed-organisations/purge', { body: { slug, now: slug !== undefined, dry_run: true } }).then(
      ({ data }) => !gone && setGoes((data?.names ?? []).toReversed()),
      e => !gone && setError(e),
    )
    return () => {
      gone = true
    }
  }, [slug])
  return { goes, error }
}
