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
  const workflow = query.useQuery('get', '/workflows/{workflow}', { params: { path: { workflow: id } } })
  const text = useDraft(id, draft === '1')
  if (!workflow.data || (draft === '1' && text.isPending))
    return (
      <Page title={`Test ${id}`} above={[{ to: to.workflow(id), label: id }]}>
        {workflow.error ? <Loaded of={workflow}>{() => null}</Loaded> : <Coming />}
      </Page>
    )
  return (
    <Tested workflow={workflow.data} draft={draft === '1' ? (text.data ?? undefined) : undefined} error={text.error} />
  )
}

/** The draft, and what the server makes of it. */
function useDraft(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ['tested draft of', id],
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
  workflow: Schemas['ShowWorkflowOutBody']
  draft?: { text: string; outline?: Schemas['AssistOutline'] | null; error?: Schemas['FaultError'] }
  error: unknown
}

function Tested({ workflow, draft, error }: TestedProps) {
  const [run, setRun] = useAddress('run')
  const subject = useMemo<Subject>(() => {
    const declared = draft ? inputsOf(draft.text) : null
    return {
      id: workflow.id,
      schema: declared?.schema ?? ((workflow.inputs ?? {}) as Record<string, unknown>),
      order: declared?.order ?? workflow.input_order ?? [],
      outline: draft?.outline ?? workflow.outline,
      triggers: draft ? (draft.outline?.triggers ?? []) : (workflow.triggers ?? []),
      text: draft?.text,
    }
  }, [workflow, draft])
  return (
    <Page
      title={`Test ${draft?.outline?.title || workflow.title || workflow.id}`}
      above={[
        { to: '/workflows', label: 'Workflows' },
        { to: to.workflow(workflow.id), label: workflow.id },
      ]}
      about={
        draft ? (
          <>
            The draft is tried, not what is published.{' '}
            <Anchor component={Link} to={to.test(workflow.id)} size="sm">
              Test what is published
            </Anchor>
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
      {!draft && workflow.broken && (
        <Problem
          error={new Fault(0, { message: 'The version before is tried.', detail: workflow.broken.diagnostics })}
          title="The file has mistakes."
        />
      )}
      <SetUp key={subject.id} subject={subject} started={run || undefined} onStarted={setRun} />
      {run && <RunWatch key={run} id={run} />}
    </Page>
  )
}
