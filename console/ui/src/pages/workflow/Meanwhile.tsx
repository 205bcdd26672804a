import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Schemas } from '~/api/client'
import { DiffView } from '~/parts/code'
import { ChangedBy } from './ChangedBy'
import type { Stored, Meanwhile as What } from './document'
import type { WorkflowDocument } from './useDocument'

interface MeanwhileProps {
  document: WorkflowDocument
  stored: Stored
  changed?: Schemas['ChangedMark']
}

const told: Record<What, string> = {
  'file changed': 'keep it, and publishing it replaces that change, which stays among the versions.',
  'file gone': 'keep it, and publishing it writes the file anew.',
  'draft saved': 'keep it, and saving it replaces their draft.',
  'draft gone': 'keep it, and saving it makes a new draft.',
}

/** Tells, as soon as it is so, that somebody changed the file or the draft meanwhile, and how to go on. */
export function Meanwhile({ document, stored, changed }: MeanwhileProps) {
  const [looking, setLooking] = useState(false)
  const what = document.meanwhile
  if (!what) return null
  const theirs = what === 'draft saved' ? (stored.draft?.text ?? '') : (document.file ?? '')
  const out = <WaysOut what={what} document={document} done={() => setLooking(false)} />
  return (
    <Alert color="orange" variant="light" className="g-alert" title={titleOf(what, stored)} role="status">
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          {what === 'file changed' && <ChangedBy changed={changed} />}Your text is as you wrote it: {told[what]}
        </Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setLooking(true)}>
            See the difference
          </Button>
          {out}
        </Group>
      </Group>
      <Modal opened={looking} onClose={() => setLooking(false)} title="Theirs and yours" size="min(1200px, 96vw)">
        <Stack>
          <DiffView
            before={theirs}
            after={document.text}
            language="yaml"
            label="Theirs and yours"
            titles={['Theirs', 'Yours']}
          />
          <Group justify="flex-end">{out}</Group>
        </Stack>
      </Modal>
    </Alert>
  )
}

function titleOf(what: What, stored: Stored): string {
  if (what === 'draft saved') return `${stored.draft?.by} saved a draft meanwhile.`
  if (what === 'draft gone') return 'The draft was published or discarded meanwhile.'
  return what === 'file gone' ? 'The file was removed meanwhile.' : 'The file changed meanwhile.'
}

function WaysOut({ what, document, done }: { what: What; document: WorkflowDocument; done: () => void }) {
  const act = (go: (what: What) => void) => () => {
    done()
    go(what)
  }
  return (
    <>
      {what !== 'file gone' && (
        <Button size="compact-sm" variant="default" onClick={act(document.take)}>
          {what === 'draft saved' ? 'Take their draft' : "Take the file's text"}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={act(document.keep)}>
        Keep mine
      </Button>
    </>
  )
}
