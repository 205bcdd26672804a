import { Alert, Button, Collapse, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { IconFlask, IconPlayerPlay, IconSettings } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, query } from '~/api/client'
import { asFault } from '~/api/fault'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { fieldMistakes, mistakesIn, SchemaForm, type Values } from '~/parts/form'
import type { Outline } from '~/parts/graph'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { Covers } from './Covers'
import { EventForm } from './EventForm'
import { realityOf, told } from './real'
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
  /** The run that was begun with what is set up. */
  started?: string
  onStarted: (run: string) => void
  /** Only what is needed to run it again, until more is wanted. */
  compact?: boolean
}

const byHand = '-'

/** For whom, started by what and with what. */
export function SetUp({ subject, started, onStarted, compact }: SetUpProps) {
  const [organisation, setOrganisation] = useAddress('organisation')
  const [chosen, setTrigger] = useAddress('trigger')
  const [open, setOpen] = useState(false)
  const [inputs, setInputs] = useState<Values>(() => recall(subject.id)?.inputs ?? {})
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const hand = subject.triggers.find(t => t.type === 'always_pass')
  const trigger = chosen || hand?.name || byHand
  const type = subject.triggers.find(t => t.name === trigger)?.type
  const event = type !== undefined && type !== 'always_pass'
  const mistakes = mistakesIn(subject.schema, inputs)
  // A trigger may give inputs of its own, so that what is missing here need not be missing.
  const wrong = Object.values(mistakes).some(m => m !== 'is needed')
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
      if (data) onStarted(data.id)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const errors = error ? fieldMistakes(asFault(error).fields, 'body.inputs') : {}
  const folded = compact && !open
  return (
    <Paper component="section" aria-label="What is tested">
      <Stack gap="sm">
        <Real outline={subject.outline} />
        <Group align="flex-end" gap="sm">
          <OrganisationPicker
            w={260}
            label="For which organisation"
            none="The MSP itself"
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
          {!event && (
            <AllowedButton
              needs={subject.text === undefined ? 'operator' : 'author'}
              everywhere={subject.text !== undefined}
              leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
              loading={busy}
              onClick={() => void start()}
              disabled={wrong}
            >
              {started ? 'Run again' : 'Run'}
            </AllowedButton>
          )}
          {compact && (
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
        <Problem error={error} />
        <Collapse expanded={!folded}>
          {event ? (
            <EventForm subject={subject} trigger={trigger} organisation={organisation} onStarted={onStarted} />
          ) : subject.order.length > 0 ? (
            <SchemaForm
              schema={subject.schema}
              order={subject.order}
              value={inputs}
              onChange={setInputs}
              errors={{ ...onlyWrong(mistakes), ...errors }}
            />
          ) : (
            <Text size="sm" className="g-quiet">
              This workflow takes no inputs.
            </Text>
          )}
        </Collapse>
      </Stack>
    </Paper>
  )
}

function onlyWrong(mistakes: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(mistakes).filter(([, m]) => m !== 'is needed'))
}

/** What of the test is real. */
function Real({ outline }: { outline?: Outline | null }) {
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
