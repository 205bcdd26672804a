import { query } from '~/api/client'
import type { Stored } from './document'

/** The text of a version by its number, or of the file as it lies: `now`. */
export function useText(workflow: string, which: string, stored: Stored): { text?: string; error?: unknown } {
  const number = Number(which)
  const shown = query.useQuery(
    'get',
    '/workflows/{workflow}/versions/{number}',
    { params: { path: { workflow, number } } },
    { enabled: which !== 'now', staleTime: Number.POSITIVE_INFINITY, retry: false },
  )
  if (which === 'now') return { text: stored.file?.text ?? '' }
  return { text: shown.data?.text, error: shown.error ?? undefined }
}
