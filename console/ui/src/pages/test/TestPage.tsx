import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { api, query, type Schemas } from '~/api/client'
import { Fault } from '~/api/fault'
import { to, useAddress } from '~/parts/address'
import { Coming, Loaded, Page } from '~/parts/Page'
import { Problem } from '~/parts/Problem'
import { RunWatch } from '../run/RunWatch'
import { inputsOf } from './draft'
import { SetUp, type Subject } from './SetUp'

/** Tries a workflow, or its draft: for whom, with what, and how it goes. */
export function TestPage() {
  const id = useParams()['*'] ?? ''
  const [draft] = useAddress('draft')
  const workflow = query.useQuery(
    'get',
    '/workflows/{workflow}',
    { params: { path: { workflow: id } } },
    { retry: false },
  )
  const wanted = draft === '1'
  const text = useDraft(id, wanted)
  const tried = wanted ? (text.data ?? undefined) : undefined
  const coming = workflow.isPending || (wanted && text.isPending)
  // Of a workflow that is only a draft yet there is nothing else.
  if (!coming && (workflow.data || tried))
    return <Tested id={id} workflow={workflow.data} draft={tried} error={text.error} />
  return (
    <Page title={`Test ${id}`} above={[{ to: to.workflow(id), label: id }]}>
      {coming ? <Coming /> : <Loaded of={workflow}>{() => null}</Loaded>}
    </Page>
  )
}

/** The draft, and what the server makes of it. */
function useDraft(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ['tested', `/workflows/${id}/draft`], // read again when workflows change
    queryFn: async () => {
      const params = { path: { workflow: id } }
      const text = (await api.GET('/workflows/{workflow}/draft', { params })).data?.draft?.text
      if (text === undefined) return null
      const checked = (await api.POST('/workflows/{workflow}/check', { params, body: { text } })).data
      return { text, outline: checked?.outline, error: checked?.error }
    },
    enabled: wanted,
    staleTime: 0,
    refetchOnWindowFocus: 'always',
  })
}

interface TestedProps {
  id: string
  /** undefined: there is only the draft. */
  workflow?: Schemas['ShowWorkflowOutBody']
  draft?: { text: string; outline?: Schemas['AssistOutline'] | null; error?: Schemas['FaultError'] }
  error: unknown
}

function Tested({ id, workflow, draft, error }: TestedProps) {
  const [run, setRun] = useAddress('run')
  const subject = useMemo<Subject>(() => {
    const declared = draft ? inputsOf(draft.text) : null
    return {
      id,
      schema: declared?.schema ?? ((workflow?.inputs ?? {}) as Record<string, unknown>),
      order: declared?.order ?? workflow?.input_order ?? [],
      outline: draft?.outline ?? workflow?.outline,
      triggers: draft ? (draft.outline?.triggers ?? []) : (workflow?.triggers ?? []),
      text: draft?.text,
    }
  }, [id, workflow, draft])
  return (
    <Page
      title={`Test ${draft?.outline?.title || workflow?.title || id}`}
      above={[
        { to: '/workflows', label: 'Workflows' },
        { to: to.workflow(id), label: id },
      ]}
      about={
        draft ? (
          <>
            The draft is tried{workflow ? ', not what is published.' : '. Nothing is published yet.'}{' '}
            {workflow && (
              <Anchor component={Link} to={to.test(id)} size="sm">
                Test what is published
              </Anchor>
            )}
          </>
        ) : (
          'Choose for whom it runs and with what, and watch it go.'
        )
      }
    >
      <Problem error={error} />
      <Problem
        error={draft?.error && new Fault(0, draft.error)}
        title="The draft has mistakes, so it cannot be tried yet."
      />
      {!draft && workflow?.broken && (
        <Problem
          error={
            new Fault(0, {
              message: workflow.version ? 'The version before is tried.' : 'It cannot be tried until they are mended.',
              detail: workflow.broken.diagnostics,
            })
          }
          title="The file has mistakes."
        />
      )}
      <SetUp key={subject.id} subject={subject} started={run || undefined} onStarted={setRun} />
      {run && <RunWatch key={run} id={run} />}
    </Page>
  )
}
