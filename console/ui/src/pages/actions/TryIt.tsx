import { Alert, Badge, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { IconFlask, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { api, query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { useConfirm } from '~/parts/Confirm'
import { FormProblem, fieldMistakes, SchemaForm, type Values } from '~/parts/form'
import { OrganisationPicker, useOrganisationName } from '~/parts/OrganisationPicker'
import { CallResult } from './CallResult'

type Detail = Schemas['ActionDetail']
type Outcome = Schemas['CallActionOutBody']

/** Calls an action by hand: what reads at once, what changes something after a further question. */
export function TryIt({ action: a }: { action: Detail }) {
  const [organisation, setOrganisation] = useAddress('organisation')
  const [use, setUse] = useState('')
  const [inputs, setInputs] = useState<Values>({})
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const server = query.useQuery('get', '/server', {}, { staleTime: Number.POSITIVE_INFINITY })
  const confirm = useConfirm()
  const nameOf = useOrganisationName()
  const sandbox = server.data?.sandbox === true
  const mistakes = error ? fieldMistakes(asFault(error), 'inputs') : {}

  const call = async (more: { plan?: boolean; confirm?: boolean }) => {
    const { data } = await api.POST('/actions/{action}/call', {
      params: { path: { action: a.id } },
      body: { inputs, ...(organisation ? { organisation, ...(use ? { use } : {}) } : {}), ...more },
    })
    return data as Outcome
  }
  const send = async () => {
    setBusy(true)
    setError(null)
    setOutcome(null)
    try {
      // What it does may follow from its inputs, so the server is asked before anything is sent.
      const plan = a.effect !== 'read' || a.by_method ? (await call({ plan: true })).plan : undefined
      if (plan?.changes) {
        const act = async () => setOutcome(await call({ confirm: true }))
        confirm(question(a, plan, organisation ? nameOf(organisation) : 'the MSP', sandbox, act))
      } else setOutcome(await call({}))
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack gap="md">
      <Paper>
        <Stack gap="md">
          <Reality sandbox={sandbox} effect={a.effect} />
          <Group gap="sm" align="end">
            <OrganisationPicker label="For" value={organisation} onChange={setOrganisation} none="the MSP" w={280} />
            {a.integration && organisation !== '' && (
              <Select
                label={`With which ${a.integration_title ?? a.integration}`}
                value={use}
                onChange={v => setUse(v ?? '')}
                allowDeselect={false}
                w={280}
                data={[
                  { value: '', label: 'its own' },
                  { value: 'default', label: "the MSP's, lent to it" },
                  { value: 'mapping', label: "the MSP's, by its mapping" },
                ]}
              />
            )}
          </Group>
          {(a.inputs ?? []).length > 0 && (
            <SchemaForm
              schema={a.input_schema}
              order={(a.inputs ?? []).map(f => f.name)}
              value={inputs}
              onChange={setInputs}
              errors={mistakes}
            />
          )}
          <FormProblem error={error} mistakes={mistakes} />
          <Group>
            <AllowedButton
              needs="author"
              everywhere={false}
              loading={busy}
              onClick={() => void send()}
              leftSection={<IconSend size={16} aria-hidden />}
            >
              {a.effect === 'read' ? 'Call it' : 'Call it …'}
            </AllowedButton>
          </Group>
        </Stack>
      </Paper>
      {outcome && (
        <Paper component="section" aria-label="What came of it">
          <Stack gap="sm">
            <Title order={2} size="h3">
              What came of it
            </Title>
            <CallResult outcome={outcome} />
          </Stack>
        </Paper>
      )}
    </Stack>
  )
}

function Reality({ sandbox, effect }: { sandbox: boolean; effect: Detail['effect'] }) {
  if (sandbox)
    return (
      <Group gap="xs">
        <Badge variant="default" leftSection={<IconFlask size={13} aria-hidden />}>
          sandbox
        </Badge>
        <Text size="sm">The simulated system answers: nothing reaches anybody.</Text>
      </Group>
    )
  return effect === 'read' ? (
    <Text size="sm">It asks the real system, and changes nothing there.</Text>
  ) : (
    <Alert variant="default" title="This is real">
      It changes the real system. You are asked once more before anything is sent.
    </Alert>
  )
}

function question(a: Detail, plan: Schemas['CallPlan'], name: string, sandbox: boolean, act: () => Promise<unknown>) {
  const deletes = plan.effect === 'delete'
  return {
    title: `${a.title} for ${name}?`,
    text: sandbox
      ? `It ${deletes ? 'deletes' : 'changes'} something in the simulated ${plan.changes} of ${name}. Nothing reaches anybody.`
      : `This is real: it ${deletes ? 'deletes' : 'changes'} something in ${plan.changes} for ${name}, and Gantry cannot take it back.`,
    go: deletes ? 'Delete' : 'Send it',
    danger: deletes,
    act,
  }
}
