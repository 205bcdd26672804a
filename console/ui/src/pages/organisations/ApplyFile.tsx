import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { ChooseFile } from './ChooseFile'
import { isUnreadable, read } from './chosenFile'
import { failed, Plan } from './Plan'

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
      const text = await read(file, f => f.text())
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
      // What was planned may not be what would be done now: it is looked at anew.
      setPlan(null)
      if (isUnreadable(e)) setFile(null)
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const changes = plan?.changes ?? []
  const removes = changes.filter(c => c.action === 'remove').length
  return (
    <Modal opened onClose={close} title="Apply a file of organisations" size="xl">
      <Stack>
        <Text size="sm">
          The organisations become what the file says: names, tree, tags, variables, instances and mappings. The export
          as YAML writes such a file. Secrets never stand in it.
        </Text>
        <ChooseFile
          label="File (YAML)"
          accept=".yaml,.yml"
          value={file}
          onChange={next => {
            setFile(next)
            setPlan(null)
            setError(null)
          }}
        />
        <Checkbox
          label="Also remove what the file does not have"
          description="Organisations that are removed can be restored."
          checked={prune}
          onChange={e => {
            setPrune(e.currentTarget.checked)
            setPlan(null)
            setError(null)
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
