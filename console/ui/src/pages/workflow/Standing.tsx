import { Alert, Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { DiffView } from '~/parts/code'
import { When } from '~/parts/When'
import type { Stored, WorkflowDocument } from './useDocument'

interface StandingProps {
  document: WorkflowDocument
  stored: Stored
  changed?: Schemas['ChangedMark']
}

/** Where the text stands: kept as a draft, as the file has it, or not kept yet. */
export function Standing({ document, stored, changed }: StandingProps) {
  const draft = document.revision > 0 ? stored.draft : null
  return (
    <Group gap={6} fz="sm" className="g-quiet" role="status" wrap="wrap">
      {document.dirty ? <b>Unsaved changes</b> : null}
      {document.dirty && <span aria-hidden>·</span>}
      {draft ? (
        <span>
          draft saved by {draft.by} <When at={draft.at} size="inherit" />
        </span>
      ) : document.file === null ? (
        <span>there is no file yet</span>
      ) : (
        <span>
          {document.unpublished ? 'begun from the file' : 'as the file has it'}
          {changed && (
            <>
              , last changed {changed.by && `by ${changed.by} `}
              <When at={changed.at} size="inherit" />
            </>
          )}
        </span>
      )}
      {document.base && (
        <>
          <span aria-hidden>·</span>
          <span className="g-mono" title={document.base}>
            version {document.base.slice(0, 10)}
          </span>
        </>
      )}
    </Group>
  )
}

/** Tells, as soon as it is so, that somebody changed the file or the draft meanwhile. */
export function Meanwhile({ document, stored, changed }: StandingProps) {
  const [looking, setLooking] = useState<'file' | 'draft' | null>(null)
  const [error, setError] = useState(false)
  const what = document.fileChanged || document.fileGone ? 'file' : document.draftChanged ? 'draft' : null
  if (!what) return null
  const theirs = what === 'file' ? (document.file ?? '') : (stored.draft?.text ?? '')
  const saveOver = () => document.save(stored.draft?.revision ?? 0).catch(() => setError(true))
  const title = {
    file: document.fileGone ? 'The file was removed meanwhile.' : 'The file changed meanwhile.',
    draft: `${stored.draft?.by} saved a draft meanwhile.`,
  }[what]
  return (
    <Alert color="orange" variant="light" className="g-alert" title={title} role="status">
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          {what === 'file' && changed && !document.fileGone && (
            <>
              {changed.by || 'Somebody outside of Gantry'}, <When at={changed.at} />
              {changed.comment && `: ${changed.comment}`}.{' '}
            </>
          )}
          Your text is as you wrote it.
          {error && ' It could not be saved; look again at what is there now.'}
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setLooking(what)}>
            See the difference
          </Button>
          {(what === 'draft' || !document.fileGone) && (
            <Button size="compact-sm" variant="default" onClick={() => document.take(what)}>
              {what === 'file' ? "Take the file's text" : 'Take their draft'}
            </Button>
          )}
          {what === 'draft' && (
            <Button size="compact-sm" variant="default" onClick={() => void saveOver()}>
              Save over it
            </Button>
          )}
        </Group>
      </Group>
      <Modal
        opened={looking !== null}
        onClose={() => setLooking(null)}
        title="Theirs and yours"
        size="min(1200px, 96vw)"
      >
        {looking && (
          <DiffView
            before={theirs}
            after={document.text}
            language="yaml"
            label="Theirs and yours"
            titles={['Theirs', 'Yours']}
          />
        )}
      </Modal>
    </Alert>
  )
}
