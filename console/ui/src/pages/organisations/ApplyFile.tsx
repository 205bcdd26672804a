import { Alert, Button, Checkbox, Code, FileInput, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { Problem, sentence } from '~/parts/Problem'
import { tell } from '~/parts/tell'

type Answer = Schemas['ApplyOrganisationsOutBody']

/** Makes the organisations what a YAML file says: first the plan, then all of it or nothing. */
export function ApplyFile({ close }: { close: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [prune, setPrune] = useState(false)
  const [plan, setPlan] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const send = async (dryRun: boolean) => {
    if (!file) return
    setBusy(true)
    setError(null)
    try {
      const text = await file.text()
      const { data } = await api.POST('/organisations/apply', {
        body: { name: file.name, text, prune, dry_run: dryRun, expect: dryRun ? undefined : (plan?.changes ?? []) },
      })
      if (!data) return
      if (dryRun || failed(data)) return setPlan(data)
      const n = data.changes?.length ?? 0
      tell.done(`${n} change${n === 1 ? ' is' : 's are'} made.`)
      await refresh('organisations', 'variables', 'integrations', 'mappings')
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const changes = plan?.changes ?? []
  const removes = changes.filter(c => c.action === 'remove' || c.action === '-').length
  return (
    <Modal opened onClose={close} title="Apply a file of organisations" size="xl">
      <Stack>
        <Text size="sm">
          The organisations become what the file says: names, tree, tags, variables, instances and mappings. The export
          as YAML writes such a file. Secrets never stand in it.
        </Text>
        <FileInput
          label="File (YAML)"
          placeholder="Choose a file"
          styles={{ placeholder: { color: 'var(--g-quiet)' } }}
          accept=".yaml,.yml"
          value={file}
          onChange={next => {
            setFile(next)
            setPlan(null)
          }}
        />
        <Checkbox
          label="Also remove what the file does not have"
          description="Organisations that are removed can be restored."
          checked={prune}
          onChange={e => {
            setPrune(e.currentTarget.checked)
            setPlan(null)
          }}
        />
        <Problem error={error} />
        {plan && <Plan plan={plan} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          {plan && !failed(plan) ? (
            <Button
              loading={busy}
              color={removes > 0 ? 'red.8' : undefined}
              disabled={changes.length === 0}
              onClick={() => void send(false)}
            >
              Make {changes.length} change{changes.length === 1 ? '' : 's'}
            </Button>
          ) : (
            <Button loading={busy} disabled={!file} onClick={() => void send(true)}>
              Look what would change
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

function failed(answer: Answer): boolean {
  return (answer.diagnostics ?? []).some(d => d.severity === 'error')
}

const signs: Record<string, string> = { add: '+', create: '+', change: '~', update: '~', remove: '−', delete: '−' }

function Plan({ plan }: { plan: Answer }) {
  const said = plan.diagnostics ?? []
  const changes = plan.changes ?? []
  return (
    <Stack gap="xs">
      {said.length > 0 && (
        <Alert
          color={failed(plan) ? 'red' : 'yellow'}
          variant="light"
          title={failed(plan) ? 'The file cannot be applied' : 'To be looked at'}
        >
          <List size="sm">
            {said.map(d => (
              <List.Item key={`${d.line}:${d.column}:${d.message}`}>
                <Code>
                  {d.file}:{d.line}:{d.column}
                </Code>{' '}
                {sentence(d.message)} {d.hint && sentence(d.hint)}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {!failed(plan) && (
        <>
          <Text size="sm" fw={550} role="status">
            {changes.length === 0 ? 'Everything is as the file says.' : `${changes.length} changes:`}
          </Text>
          <List size="sm" listStyleType="none">
            {changes.slice(0, 200).map(c => (
              <List.Item key={`${c.action} ${c.kind} ${c.organisation} ${c.name}`}>
                <span className="g-mono">{signs[c.action] ?? c.action}</span> {c.kind} {c.name && `${c.name} of `}
                {c.organisation}
                {c.detail && <span className="g-quiet">: {c.detail}</span>}
              </List.Item>
            ))}
            {changes.length > 200 && <List.Item>and {changes.length - 200} more</List.Item>}
          </List>
        </>
      )}
    </Stack>
  )
}
