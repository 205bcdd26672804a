import { Alert, Button, Collapse, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { IconPlayerPlay, IconSettings } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { asFault } from '~/api/fault'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { FormProblem, fieldMistakes, mistakesIn, SchemaForm, type Values } from '~/parts/form'
import type { Outline } from '~/parts/graph'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Covers } from './Covers'
import { EventForm } from './EventForm'
import { Reality } from './Reality'
import { keepable, recall, remember } from './remembered'

/** What is tested: a workflow as it is published, or its draft. */
export interface Subject {
  id: string
  schema: Record<string, unknown>
  order: string[]
  outline?: Outline | null
  triggers: { name: string; type?: string; enabled: boolean }[]
  /** Of a draft. */
  text?: string
}

interface SetUpProps {
  subject: Subject
  /** The run that was begun with what is set up: then only what is needed to run it again is shown, until more is wanted. */
  started?: string
  onStarted: (run: string) => void
}

const byHand = '-'

/** For whom, started by what and with what. */
export function SetUp({ subject, started, onStarted }: SetUpProps) {
  const { me, mayEverywhere } = useSession()
  const ours = mayEverywhere('viewer')
  // People of a client try it for that one.
  const [organisation, setOrganisation] = useAddress('organisation', ours ? '' : me.user?.grants?.[0]?.organisation)
  const [chosen, setTrigger] = useAddress('trigger')
  const [open, setOpen] = useState(false)
  const [inputs, setInputs] = useState<Values>(() => recall(subject.id, subject.order))
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const hand = subject.triggers.find(t => t.type === 'always_pass')
  const trigger = chosen || hand?.name || byHand
  const type = subject.triggers.find(t => t.name === trigger)?.type
  const event = type !== undefined && type !== 'always_pass'
  // A trigger may give inputs of its own, so that what is missing here need not be missing.
  const wrong = onlyWrong(mistakesIn(subject.schema, inputs))
  const refused = error ? fieldMistakes(asFault(error), 'inputs') : {}
  const start = async () => {
    setBusy(true)
    setError(null)
    try {
      remember(subject.id, { inputs: keepable(inputs, subject.schema) })
      const { data } = await api.POST('/runs', {
        body: {
          workflow: subject.id,
          organisation: organisation || undefined,
          trigger: trigger === byHand ? undefined : trigger,
          inputs,
          text: subject.text,
        },
      })
      await refresh('runs')
      setOpen(false)
      if (data) onStarted(data.id)
    } catch (e) {
      setError(e)
      setOpen(true)
    } finally {
      setBusy(false)
    }
  }
  const run = !event && (
    <AllowedButton
      needs={subject.text === undefined ? 'operator' : 'author'}
      everywhere={subject.text !== undefined}
      leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
      loading={busy}
      onClick={() => void start()}
      disabled={Object.keys(wrong).length > 0}
    >
      {started ? 'Run again' : 'Run'}
    </AllowedButton>
  )
  return (
    <Paper component="section" aria-label="What is tested">
      <Stack gap="sm">
        <Reality outline={subject.outline} />
        <Group align="flex-end" gap="sm">
          <OrganisationPicker
            w={260}
            label="For which organisation"
            none={ours ? 'The MSP itself' : undefined}
            value={organisation}
            onChange={setOrganisation}
          />
          <Select
            w={260}
            label="Started by"
            data={[
              ...subject.triggers.map(t => ({
                value: t.name,
                label: `${t.name} (${t.type?.replaceAll('_', ' ') ?? ''})`,
              })),
              ...(hand ? [] : [{ value: byHand, label: 'Nothing: by hand' }]),
            ]}
            value={trigger}
            onChange={value => setTrigger(value && value !== (hand?.name ?? byHand) ? value : '')}
            allowDeselect={false}
          />
          {started && run}
          {started && (
            <Button
              variant="default"
              leftSection={<IconSettings size={16} stroke={1.6} aria-hidden />}
              aria-expanded={open}
              onClick={() => setOpen(!open)}
            >
              {event ? 'The event' : 'Inputs'}
            </Button>
          )}
        </Group>
        {trigger !== byHand && subject.text === undefined && (
          <Covers workflow={subject.id} trigger={trigger} organisation={organisation} />
        )}
        <Collapse expanded={!started || open}>
          {!event ? (
            <Inputs subject={subject} value={inputs} onChange={setInputs} errors={{ ...wrong, ...refused }} />
          ) : subject.text === undefined ? (
            <EventForm subject={subject} trigger={trigger} organisation={organisation} onStarted={onStarted} />
          ) : (
            <Alert color="gray" title="A draft is tried with inputs.">
              Events go to what is published. Choose a trigger that is fired by hand, or publish the draft first.
            </Alert>
          )}
        </Collapse>
        <FormProblem error={error} mistakes={refused} />
        {!started && run && <Group>{run}</Group>}
      </Stack>
    </Paper>
  )
}

interface InputsProps {
  subject: Subject
  value: Values
  onChange: (inputs: Values) => void
  errors: Record<string, string>
}

function Inputs({ subject, value, onChange, errors }: InputsProps) {
  if (subject.order.length === 0)
    return (
      <Text size="sm" className="g-quiet">
        This workflow takes no inputs.
      </Text>
    )
  return <SchemaForm schema={subject.schema} order={subject.order} value={value} onChange={onChange} errors={errors} />
}

function onlyWrong(mistakes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(mistakes).filter(([, m]) => m !== 'is needed'))
}
