import { Alert, Button, Checkbox, Group, List, Modal, Stack, Text, Title } from '@mantine/core'
import { useEffect, useState } from 'react'
import { api, type Schemas } from '~/api/client'
import { HintLine } from '~/parts/HintLine'
import { Coming } from '~/parts/Page'
import { Problem, sentence } from '~/parts/Problem'
import { meanwhileWords } from './MappingSaid'
import type { MappingRow } from './mapping'
import type { Target } from './useMapping'

type Answer = Schemas['SaveMappingsOutBody']

interface SaveProps {
  integration: string
  target: Target
  rows: MappingRow[]
  choices: Schemas['MappingChoice'][]
  close: () => void
  saved: (answer: Answer) => void
  /** What keeps rows from being saved, by slug. */
  problems: (found: Map<string, string>) => void
}

const shownAtMost = 60
const problemsShown = 20

/** Shows what would change, has it checked against the other system, and saves all of it or nothing. */
export function SaveMappings({ integration, target, rows, choices, close, saved, problems }: SaveProps) {
  const conflicts = rows.some(r => r.conflict.length > 0)
  const [shared, setShared] = useState(false)
  const [checked, setChecked] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const send = (dryRun: boolean) =>
    api.POST('/mappings/{integration}', {
      params: { path: { integration } },
      body: { ...target, choices, shared, dry_run: dryRun },
    })
  const take = (answer: Answer) =>
    problems(new Map((answer.problems ?? []).map(p => [p.organisation, p.error?.message ?? 'cannot be saved'])))
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is checked when it is opened, and when sharing is allowed or not
  useEffect(() => {
    let gone = false
    setChecked(null)
    send(true).then(
      ({ data }) => {
        if (gone || !data) return
        setChecked(data)
        take(data)
      },
      e => !gone && setError(e),
    )
    return () => {
      gone = true
    }
  }, [shared])
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      const { data } = await send(false)
      if (!data) return
      take(data)
      if ((data.problems ?? []).length > 0) setChecked(data)
      else saved(data)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const wrong = checked?.problems ?? []
  return (
    <Modal opened onClose={close} title="Save mappings">
      <Stack>
        <Text size="sm">All of it is saved, or nothing.</Text>
        <Changes title="New" rows={rows.filter(r => r.changed === 'added')} />
        <Changes title="Changed" rows={rows.filter(r => r.changed === 'changed')} />
        <Changes title="To be removed" rows={rows.filter(r => r.changed === 'removed')} />
        {conflicts && (
          <Checkbox
            label="Let several organisations be one entity"
            description="Without it an entity belongs to one organisation."
            checked={shared}
            onChange={e => setShared(e.currentTarget.checked)}
          />
        )}
        {!checked && error === null && <Coming lines={2} />}
        {wrong.length > 0 && (
          <Alert color="red" variant="light" title="It cannot be saved so">
            <Problems wrong={wrong} rows={rows} />
          </Alert>
        )}
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Back to the table
          </Button>
          <Button
            loading={busy}
            disabled={!checked || wrong.length > 0 || choices.length === 0}
            onClick={() => void save()}
            data-autofocus
          >
            Save {choices.length} change{choices.length === 1 ? '' : 's'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** Why choices cannot be saved, and what to do. Of a row that somebody else has changed meanwhile that is all to be said. */
function Problems({ wrong, rows }: { wrong: Schemas['ConnectProblem'][]; rows: MappingRow[] }) {
  const meanwhile = rows.filter(r => r.meanwhile && wrong.some(p => p.organisation === r.slug))
  const others = wrong.filter(p => !meanwhile.some(r => r.slug === p.organisation))
  const said = [
    ...meanwhile.map(row => <List.Item key={row.slug}>{meanwhileWords(row)}</List.Item>),
    ...others.map(({ organisation, error }) => (
      <List.Item key={`${organisation} ${error?.message}`}>
        {error && sentence(error.message)} {error?.hint && <HintLine hint={error.hint} />}
      </List.Item>
    )),
  ]
  return (
    <List size="sm">
      {said.slice(0, problemsShown)}
      {said.length > problemsShown && <List.Item>and {said.length - problemsShown} more</List.Item>}
    </List>
  )
}

function Changes({ title, rows }: { title: string; rows: MappingRow[] }) {
  if (rows.length === 0) return null
  return (
    <div>
      <Title order={3} mb={4}>
        {title}: {rows.length}
      </Title>
      <List size="sm">
        {rows.slice(0, shownAtMost).map(r => (
          <List.Item key={r.slug}>
            {r.name}: {r.current && r.changed !== 'added' ? <s>{r.current.name}</s> : null} {r.entity?.name}{' '}
            {r.entity && <span className="g-quiet g-mono">{r.entity.id}</span>}
          </List.Item>
        ))}
        {rows.length > shownAtMost && <List.Item>and {rows.length - shownAtMost} more</List.Item>}
      </List>
    </div>
  )
}
