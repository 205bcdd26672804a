import { Badge, Group, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useParams } from 'react-router'
import { query } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { WorkflowGraph } from '~/parts/graph'
import { Loaded, Page } from '~/parts/Page'
import { Authoring } from './Authoring'
import { Inputs } from './Inputs'

/** One workflow: its graph and text, its versions, and what starts it. */
export function WorkflowPage() {
  const { '*': workflow = '' } = useParams()
  const { mayEverywhere } = useSession()
  return mayEverywhere('viewer') ? <OfMSP key={workflow} id={workflow} /> : <OfClient key={workflow} id={workflow} />
}

const above = [{ to: '/workflows', label: 'Workflows' }]

function OfMSP({ id }: { id: string }) {
  const { mayEverywhere } = useSession()
  const params = { path: { workflow: id } }
  const asked = query.useQuery('get', '/workflows/{workflow}/draft', { params })
  const shown = query.useQuery('get', '/workflows/{workflow}', { params }, { retry: false })
  const gone = shown.error && asFault(shown.error).status === 404
  const reads = !mayEverywhere('author')
  // Who only reads is shown what is in use, not what somebody writes.
  const stored = useMemo(
    () => (asked.data?.file && reads ? { ...asked.data, draft: null as never } : asked.data),
    [asked.data, reads],
  )
  if (stored && (shown.data || shown.error)) {
    return <Authoring id={id} stored={stored} shown={gone ? null : (shown.data ?? null)} />
  }
  return (
    <Page title={id} above={above}>
      <Loaded of={asked} lines={12}>
        {() => null}
      </Loaded>
    </Page>
  )
}

function OfClient({ id }: { id: string }) {
  const shown = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: id } } }, { retry: false })
  return (
    <Page
      title={shown.data?.title || id}
      above={above}
      about={shown.data?.description}
      beside={
        <Group gap={4}>
          {(shown.data?.tags ?? []).map(t => (
            <Badge key={t} variant="default">
              {t}
            </Badge>
          ))}
        </Group>
      }
    >
      <Loaded of={shown}>
        {data => (
          <>
            <Text size="sm" className="g-quiet">
              The MSP writes this workflow; its text is not shown, for it may name other clients. These are its tasks,
              and what a run of it is given.
            </Text>
            {data.outline && <WorkflowGraph outline={data.outline} height={480} label={`The graph of ${id}`} />}
            <Inputs schema={data.inputs} order={data.input_order ?? []} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
