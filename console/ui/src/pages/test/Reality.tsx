import { Alert } from '@mantine/core'
import { IconFlask } from '@tabler/icons-react'
import { query } from '~/api/client'
import type { Outline } from '~/parts/graph'
import { realityOf, told } from './real'

/** What of the test is real. */
export function Reality({ outline }: { outline?: Outline | null }) {
  const server = query.useQuery('get', '/server', {}, { staleTime: Number.POSITIVE_INFINITY })
  if (!server.data) return null
  const reality = realityOf(outline)
  const harmless = server.data.sandbox || told(reality).startsWith('It only')
  return (
    <Alert color={harmless ? 'gray' : 'orange'} icon={<IconFlask aria-hidden />} py="xs">
      {server.data.sandbox
        ? 'This is the sandbox: other systems are simulated, and nothing reaches anybody.'
        : outline
          ? told(reality)
          : 'This is done for real, in the systems of the organisation.'}
    </Alert>
  )
}
