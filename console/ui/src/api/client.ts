import createFetchClient, { type Middleware } from 'openapi-fetch'
import createQueryClient from 'openapi-react-query'
import { Fault, type FaultDocument } from './fault'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** Where the API lies. */
export const base = '/api/v1'

// Every answer that is no success becomes a Fault, so that pages need to know of one kind of error.
const faults: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined
    const document = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Partial<FaultDocument>
    throw new Fault(response.status, document)
  },
}

/** Calls operations: `await api.POST('/runs', { body })`. It throws a Fault; `data` is there where it returns. */
export const api = createFetchClient<paths>({ baseUrl: base })
api.use(faults)

/** Operations as hooks: `query.useQuery('get', '/runs', { params: { query: { limit: 50 } } })`. */
export const query = createQueryClient(api)
