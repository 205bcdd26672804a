import createFetchClient, { type Middleware } from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import { refreshMe } from './cache'
import { Fault, type FaultDocument } from './fault'
import { readJSON } from './json'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** Where the API lies. */
export const base = '/api/v1'

// Reads answers without a loss of digits. Their length is said, since the client leaves reading to the answer then.
async function ask(request: Request): Promise<Response> {
  const answer = await fetch(request)
  if (!answer.headers.get('Content-Type')?.includes('json')) return answer
  const text = await answer.text()
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(text.length) }
  const read = new Response(text, { status: answer.status, statusText: answer.statusText, headers })
  return Object.assign(read, { json: async () => readJSON(text) })
}

// Every answer that is no success becomes a Fault, so that pages need to know of one kind of error. Who is refused may
// have been signed out meanwhile, or have lost a role: that is looked at.
const faults: Middleware = {
  async onResponse({ response, schemaPath }) {
    if (response.ok) return undefined
    const refused = response.status === 401 || response.status === 403
    if (refused && schemaPath !== '/me' && schemaPath !== '/sign-in') void refreshMe()
    const document = (await response.json().catch(() => ({}))) as Partial<FaultDocument>
    throw new Fault(response.status, document)
  },
}

/** Calls operations: `await api.POST('/runs', { body })`. It throws a Fault; `data` is there where it returns. */
export const api = createFetchClient<paths>({ baseUrl: base, fetch: ask })
api.use(faults)

/** Operations as hooks: `query.useQuery('get', '/runs', { params: { query: { limit: 50 } } })`. */
export const query = createQueryClient(api)
