import { Checkbox, Paper, Select, Stack, Text } from '@mantine/core'
import { asFault } from '~/api/fault'
import { CodeEditor } from '~/parts/code'
import { FormProblem, fieldMistakes, SchemaForm } from '~/parts/form'
import { useOrganisationName } from '~/parts/OrganisationPicker'
import { exactly } from '~/parts/time'
import { beginWith, dataOf, type MadeUp } from './madeUp'
import type { Event, Shown } from './shown'

interface EventToFireProps {
  trigger: Shown
  /** Those of the past, the newest first. */
  past: Event[]
  event: MadeUp
  onChange: (event: MadeUp) => void
  /** Why it was refused. */
  error: unknown
}

/** Makes up an event: out of one of the past or by hand, a form's by filling it in. */
export function EventToFire({ trigger, past, event, onChange, error }: EventToFireProps) {
  const mistakes = error ? fieldMistakes(asFault(error), 'form') : {}
  return (
    <Stack gap="sm">
      {past.length > 0 && trigger.type !== 'always_pass' && (
        <Past
          past={past}
          value={event.from}
          onChange={id => {
            const begun = beginWith(
              trigger,
              past.find(e => e.id === id),
              new Date(),
            )
            onChange({ ...begun, skip: event.skip })
          }}
        />
      )}
      {trigger.form ? (
        <SchemaForm
          schema={trigger.form.schema}
          order={trigger.form.order ?? []}
          value={event.form}
          onChange={form => onChange({ ...event, form })}
          errors={mistakes}
        />
      ) : (
        trigger.type !== 'always_pass' && <Data trigger={trigger} event={event} onChange={onChange} />
      )}
      {trigger.when && (
        <Checkbox
          checked={event.skip}
          onChange={e => onChange({ ...event, skip: e.currentTarget.checked })}
          label="Whatever the condition (when) says"
        />
      )}
      <FormProblem error={error} mistakes={mistakes} />
    </Stack>
  )
}

function Past({ past, value, onChange }: { past: Event[]; value: string; onChange: (id: string) => void }) {
  const nameOf = useOrganisationName()
  const label = (e: Event) =>
    `${e.status} · ${nameOf(e.organisation)} · ${exactly(new Date(e.at)).replace(/\.\d{3}/, '')}`
  return (
    <Select
      label="Begin with"
      data={[
        { value: '', label: 'An empty one' },
        { group: 'What came before', items: past.map(e => ({ value: e.id, label: label(e) })) },
      ]}
      value={value}
      onChange={id => onChange(id ?? '')}
      allowDeselect={false}
      maw={480}
    />
  )
}

function Data({ trigger, event, onChange }: Pick<EventToFireProps, 'trigger' | 'event' | 'onChange'>) {
  return (
    <Stack gap={4}>
      <Text size="sm" fw={550}>
        Data of the event
      </Text>
      <Text size="xs" className="g-quiet">
        What the expressions of the trigger see. Change it as you like.
      </Text>
      <Paper p={0} style={{ overflow: 'hidden' }}>
        <CodeEditor
          value={event.text}
          onChange={text => onChange({ ...event, text })}
          language="json"
          label="Data of the event as JSON"
          height={240}
        />
      </Paper>
      {!dataOf(trigger, event) && (
        <Text size="sm" role="alert">
          This is no JSON object yet, such as {'{"body": {"id": 7}}'}.
        </Text>
      )}
    </Stack>
  )
}
