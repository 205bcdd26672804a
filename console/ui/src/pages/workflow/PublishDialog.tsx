import { Alert, Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { asFault, type Fault } from '~/api/fault'
import { DiffView } from '~/parts/code'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import { ChangedBy } from './ChangedBy'
import type { Stored } from './document'
import { Found } from './Found'
import type { Checked } from './useCheck'
import type { WorkflowDocument } from './useDocument'
import { WhyNot } from './WhyNot'

interface PublishProps {
  opened: boolean
  close: () => void
  document: WorkflowDocument
  stored: Stored
  changed?: Schemas['ChangedMark']
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

// The file is not what the text was made from: the answer says what lies there.
const isOfBase = (fault: Fault | null) =>
  fault?.status === 409 && (fault.detail as { version?: string } | null)?.version !== undefined

function Body({ close, document, stored, changed, checked, goTo }: PublishProps) {
  const [comment, setComment] = useState('')
  const [error, setError] = useState<unknown>(null)
  const required = stored.publish.comment === 'required'
  const wrong = checked?.text === document.text && !checked.ok
  const fault = error ? asFault(error) : null
  const gone = document.meanwhile === 'file gone'
  const conflict = gone || document.meanwhile === 'file changed' || isOfBase(fault)
  const publish = async () => {
    setError(null)
    try {
      await document.publish(comment, conflict)
      tell.done('Published: it is in use now.')
      close()
    } catch (e) {
      setError(e)
    }
  }
  const take = () => {
    document.take('file changed')
    close()
  }
  return (
    <Stack>
      <Mistakes
        checked={checked?.text === document.text ? checked : null}
        goTo={(line, column) => {
          close()
          goTo(line, column)
        }}
      />
      {conflict && <Conflict gone={gone} changed={gone ? undefined : changed} />}
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
      <WhyNot stored={stored} />
      {fault && !isOfBase(fault) && <Problem error={fault} />}
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
          loading={document.busy}
          color={conflict ? 'red.8' : undefined}
          disabled={wrong || !stored.publish.allowed || !document.unpublished || (required && comment.trim() === '')}
          onClick={() => void publish()}
        >
          {conflict ? 'Publish over it' : 'Publish'}
        </Button>
      </Group>
    </Stack>
  )
}

const shownAtMost = 20

/** What the checker found in the text: errors keep it from being published, warnings do not. */
function Mistakes({ checked, goTo }: Pick<PublishProps, 'checked' | 'goTo'>) {
  const found = checked?.diagnostics.filter(d => checked.ok || d.severity === 'error') ?? []
  if (!checked || found.length === 0) return null
  return (
    <Alert
      color={checked.ok ? 'orange' : 'red'}
      variant="light"
      className="g-alert"
      icon={<IconAlertTriangle />}
      title={
        checked.ok
          ? 'The checker warns. The text can be published all the same.'
          : 'The text does not check, so it cannot be published.'
      }
    >
      <Found whole checked={{ ...checked, diagnostics: found.slice(0, shownAtMost) }} goTo={goTo} />
    </Alert>
  )
}

function Conflict({ gone, changed }: { gone: boolean; changed?: Schemas['ChangedMark'] }) {
  return (
    <Alert
      color="orange"
      variant="light"
      className="g-alert"
      icon={<IconAlertTriangle />}
      title={gone ? 'The file is gone.' : 'The file has changed since you began.'}
    >
      <Text size="sm">
        <ChangedBy changed={changed} />
        {gone
          ? 'Publishing over it writes it anew.'
          : 'Publishing over it replaces that change; it stays among the versions.'}
      </Text>
    </Alert>
  )
}
