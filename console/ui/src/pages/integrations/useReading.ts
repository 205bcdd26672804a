import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { tell } from '~/parts/tell'
import type { Target } from './useMapping'

/** Reads anew what the other system has. */
export function useReading(integration: Schemas['Integration'], target: Target) {
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<{ of: Target; error: unknown } | null>(null)
  const read = async () => {
    setBusy(true)
    setFailed(null)
    try {
      const params = { path: { integration: integration.id } }
      const { data } = await api.POST('/mapping-options/{integration}/refresh', { params, body: target })
      tell.done(`${data?.entities?.length ?? 0} entities of ${integration.title} are read.`)
      await refresh('mapping-options', 'mapping-suggestions')
    } catch (error) {
      setFailed({ of: target, error })
    } finally {
      setBusy(false)
    }
  }
  return { busy, error: failed?.of === target ? failed.error : null, read: () => void read() }
}

export type Reading = ReturnType<typeof useReading>
