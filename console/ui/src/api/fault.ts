import type { components } from './schema'

export type FaultDocument = components['schemas']['Error']

/** What the server says when it does not do what it was asked, or that it could not be asked at all. */
export class Fault extends Error {
  readonly code: string
  readonly hint?: string
  /** HTTP; 0: nobody answered. */
  readonly status: number
  /** What is wrong with which part of the request, by path, such as body.name. */
  readonly fields: Record<string, string>
  readonly detail: unknown
  /** The request was right, and the work failed: another system refused it, say. */
  readonly failed: boolean

  constructor(status: number, document: Partial<FaultDocument>) {
    super(document.message || `Gantry answered ${status}.`)
    this.name = 'Fault'
    this.status = status
    this.code = document.code ?? 'internal'
    this.hint = document.hint
    this.fields = Object.fromEntries((document.fields ?? []).map(f => [f.field, f.message]))
    this.detail = document.detail
    this.failed = document.failed === true
  }
}

/** Any error as a fault: also that of a network that is gone. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error
  const why = error instanceof Error ? error.message : String(error)
  return new Fault(0, {
    code: 'unreachable',
    message: 'Gantry does not answer.',
    hint: `is the server running, and are you connected? (${why})`,
  })
}
