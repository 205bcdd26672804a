import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { DiffView } from '~/parts/code'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import type { Stored } from './document'
import { useText } from './useText'
import type { Version } from './Versions'
import { WhyNot } from './WhyNot'

interface BringBackProps {
  workflow: string
  version: Version | null
  stored: Stored
  close: () => void
}

/** Publishes the text of an old version anew. */
export function BringBack({ version, ...rest }: BringBackProps) {
  return (
    <Modal
      opened={version !== null}
      onClose={rest.close}
      title={`Bring version ${version?.number ?? ''} back`}
      size="min(1100px, 96vw)"
    >
      {version && <Body version={version} {...rest} />}
    </Modal>
  )
}

function Body({ workflow, version, stored, close }: BringBackProps & { version: Version }) {
  const [comment, setComment] = useState(`Back to version ${version.number}`)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const old = useText(workflow, String(version.number), stored)
  const missing = stored.publish.comment === 'required' && comment.trim() === ''
  const publish = async () => {
    if (old.text === undefined) return
    setBusy(true)
    setError(null)
    try {
      await api.POST('/workflows/{workflow}/publish', {
        params: { path: { workflow } },
        body: { text: old.text, comment, base: stored.file?.version ?? '' },
      })
      tell.done(`Version ${version.number} is in use again.`)
      await refresh('workflows')
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Text size="sm">
        Its text is published as a new version. {stored.file && 'The one in use now stays among the versions.'}
        {stored.draft && ` The draft by ${stored.draft.by} stays, too.`}
      </Text>
      {old.text !== undefined && (
        <DiffView
          before={stored.file?.text ?? ''}
          after={old.text}
          language="yaml"
          label="What changes"
          titles={[stored.file ? 'the file now' : 'no file yet', `version ${version.number}`]}
          maxHeight={360}
        />
      )}
      <Textarea
        label="What is the change for?"
        value={comment}
        required={stored.publish.comment === 'required'}
        onChange={e => setComment(e.currentTarget.value)}
        data-autofocus
        autosize
      />
      <WhyNot stored={stored} />
      <Problem error={error ?? old.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Leave it
        </Button>
        <Button
          loading={busy}
          disabled={old.text === undefined || old.text === stored.file?.text || missing || !stored.publish.allowed}
          onClick={() => void publish()}
        >
          Bring it back
        </Button>
      </Group>
    </Stack>
  )
}
