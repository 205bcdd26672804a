import { When } from '~/parts/When'

interface ChangedByProps {
  /** What is known of the change; nothing is told where nothing is. */
  changed?: { by?: string; at: string; comment?: string }
}

/** Who changed a file, when, and what for, as a sentence. */
export function ChangedBy({ changed }: ChangedByProps) {
  if (!changed) return null
  return (
    <>
      {changed.by || 'Somebody outside of Gantry'} changed it,{' '}
      <span aria-live="off">
        <When at={changed.at} size="inherit" />
      </span>
      {changed.comment && `: ${changed.comment.replace(/[.\s]+$/, '')}`}.{' '}
    </>
  )
}
