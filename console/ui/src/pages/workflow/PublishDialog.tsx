import { Alert, Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { asFault, type Fault } from '~/api/fault'
import { DiffView } from '~/parts/code'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { Found } from './Found'
import type { Checked } from './useCheck'
import type { Stored, WorkflowDocument } from './useDocument'

interface PublishProps {
  opened: boolean
  close: () => void
  document: WorkflowDocument
  stored: Stored
  checked: Checked | null
  goTo: (line: number, column: number) => void
}

/** Shows what would change, asks what for, and publishes. */
export function PublishDialog(props: PublishProps) {
  return (
    <Modal opened={props.opened} onClose={props.close} title="Publish" size="min(1200px, 96vw)">
      {props.opened && <Body {...props} />}
    </Modal>
  )
}

function Body({ close, document, stored, checked, goTo }: PublishProps) {
  const [comment, setComment] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const required = stored.publish.comment === 'required'
  const wrong = checked?.text === document.text && !checked.ok
  const fault = error ? asFault(error) : null
  const conflict = fault?.status === 409 || document.fileChanged || document.fileGone
  const publish = async (overwrite: boolean) => {
    setBusy(true)
    setError(null)
    try {
      await document.publish(comment, overwrite)
      tell.done('Published: it is in use now.')
      close()
    } catch (e) {
      setError(e)
      if (asFault(e).status === 409) await refresh('workflows')
    } finally {
      setBusy(false)
    }
  }
  const take = () => {
    document.take('file')
    close()
  }
  return (
    <Stack>
      {wrong && (
        <Alert
          color="red"
          variant="light"
          className="g-alert"
          icon={<IconAlertTriangle />}
          title="The text does not check, so it cannot be published."
        >
          <Found
            whole
            checked={{ ...checked, diagnostics: checked.diagnostics.filter(d => d.severity === 'error').slice(0, 20) }}
            goTo={(line, column) => {
              close()
              goTo(line, column)
            }}
          />
        </Alert>
      )}
      {conflict && <Conflict fault={fault} gone={document.fileGone} />}
      <div>
        <Title order={3} size="h4" mb={4}>
          {conflict ? 'The file as it is now, and your text' : 'What changes'}
        </Title>
        <DiffView
          before={document.file ?? ''}
          after={document.text}
          language="yaml"
          label="The file and your text"
          titles={[document.file === null ? 'No file yet' : 'The file', 'Your text']}
          maxHeight={420}
        />
      </div>
      <Textarea
        label="What is the change for?"
        description="It stands beside the version; whoever looks for a reason later reads it"
        required={required}
        data-autofocus
        autosize
        minRows={2}
        value={comment}
        onChange={e => setComment(e.currentTarget.value)}
      />
      {!stored.publish.allowed && stored.publish.why && (
        <Text size="sm" className="g-error">
          {stored.publish.why.message} {stored.publish.why.hint}
        </Text>
      )}
      {fault && fault.status !== 409 && <Problem error={fault} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Leave it
        </Button>
        {conflict && document.file !== null && (
          <Button variant="default" onClick={take}>
            Take the file's text
          </Button>
        )}
        <Button
          loading={busy}
          color={conflict ? 'red.8' : undefined}
          disabled={wrong || !stored.publish.allowed || !document.unpublished || (required && comment.trim() === '')}
          onClick={() => void publish(conflict)}
        >
          {conflict ? 'Publish over it' : 'Publish'}
        </Button>
      </Group>
    </Stack>
  )
}

function Conflict({ fault, gone }: { fault: Fault | null; gone: boolean }) {
  const detail = (fault?.detail ?? {}) as { by?: string; at?: string; comment?: string }
  return (
    <Alert
      color="orange"
      variant="light"
      className="g-alert"
      icon={<IconAlertTriangle />}
      title={gone ? 'The file is gone.' : 'The file has changed since you began.'}
    >
      <Text size="sm">
        {detail.at ? (
          <>
            {detail.by || 'Somebody outside of Gantry'} changed it, <When at={detail.at} />
            {detail.comment && `: ${detail.comment}`}.{' '}
          </>
        ) : null}
        {gone
          ? 'Publishing over it writes it anew.'
          : 'Publishing over it replaces that change; it stays among the versions.'}
      </Text>
    </Alert>
  )
}
