import { Alert, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { FormProblem, fieldMistakes, SchemaForm, type Values } from '~/parts/form'
import { filledIn, startValues } from './values'

type AskDetail = Schemas['AskDetail']
type Answer = Schemas['AnswerAskOutBody']
type AskButton = Schemas['AskButton']

interface AskFormProps {
  ask: AskDetail
  done: (answer: Answer) => void
  /** Looks whether the question is still open. */
  again: () => void
}

/** The form and the buttons of a question. */
export function AskForm({ ask, done, again }: AskFormProps) {
  const fields = ask.fields ?? []
  const [values, setValues] = useState<Values>(() => startValues(fields))
  const [error, setError] = useState<unknown>(null)
  const [pressed, setPressed] = useState('')
  const mistakes = error ? fieldMistakes(asFault(error), 'values') : {}

  const answer = async (button: AskButton) => {
    setPressed(button.value)
    setError(null)
    try {
      const { data } = await api.POST('/runs/{run}/asks/{task}', {
        params: { path: { run: ask.run, task: ask.task } },
        body: {
          button: button.value,
          ...(ask.item === undefined ? {} : { item: ask.item }),
          ...(button.skips_fields ? {} : { values: filledIn(values) }),
        },
      })
      if (data) done(data)
      void refresh('asks', 'runs')
    } catch (e) {
      setError(e)
      if (['conflict', 'missing'].includes(asFault(e).code)) again()
    } finally {
      setPressed('')
    }
  }
  return (
    <Paper>
      <Stack gap="md">
        {!ask.may_answer && (
          <Alert icon={<IconInfoCircle />} variant="default" title="You can look at this, and not answer it">
            {whyNot(ask)}
          </Alert>
        )}
        {fields.length > 0 && (
          <SchemaForm
            schema={ask.form_schema}
            order={fields.map(f => f.name)}
            value={values}
            onChange={setValues}
            errors={mistakes}
            disabled={!ask.may_answer}
          />
        )}
        <FormProblem error={error} mistakes={mistakes} />
        <Group gap="sm" grow preventGrowOverflow={false}>
          {(ask.buttons ?? []).map(b => (
            <Button
              key={b.value}
              size="md"
              variant={b.style === 'default' ? 'default' : 'filled'}
              color={b.style === 'danger' ? 'red.8' : undefined}
              disabled={!ask.may_answer || (pressed !== '' && pressed !== b.value)}
              loading={pressed === b.value}
              onClick={() => void answer(b)}
              styles={{
                label: { whiteSpace: 'normal', lineHeight: 1.25 },
                root: { height: 'auto', minHeight: 44, paddingBlock: 8 },
              }}
            >
              {b.label}
            </Button>
          ))}
        </Group>
        {ask.run_status === 'paused' && (
          <Text size="sm" className="g-quiet">
            The run is paused. An answer counts, and what follows begins when somebody resumes the run.
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

function whyNot(ask: AskDetail): string {
  const users = ask.who.users ?? []
  if (users.length > 0) return `It is for ${users.join(', ')}.`
  return `It needs the role ${ask.who.role} over the organisation. An administrator can give it to you.`
}
