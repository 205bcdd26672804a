import { Group } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { When } from '~/parts/When'
import type { Stored } from './document'
import type { WorkflowDocument } from './useDocument'

interface StandingProps {
  document: WorkflowDocument
  stored: Stored
  changed?: Schemas['ChangedMark']
}

/** Where the text stands: kept as a draft, as the file has it, or not kept yet. */
export function Standing({ document, stored, changed }: StandingProps) {
  const draft = document.revision > 0 ? stored.draft : null
  return (
    <Group gap={6} fz="sm" className="g-quiet" wrap="wrap">
      <b role="status">{document.dirty && 'Unsaved changes'}</b>
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
