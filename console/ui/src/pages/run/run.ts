import type { Schemas } from '~/api/client'

export type Run = Schemas['ShowRunOutBody']

/** The run whose task called this one, so that it goes on with that and never by itself; undefined where none did. */
export function partOf(run: Run): string | undefined {
  return run.trigger_type === 'on_failure' ? undefined : run.parent
}

/** The run whose failure this one handles. */
export function handles(run: Run): string | undefined {
  return run.trigger_type === 'on_failure' ? run.parent : undefined
}
