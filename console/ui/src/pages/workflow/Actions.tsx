import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots, IconFlask, IconPlayerPlay } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { AllowedButton } from '~/parts/Allowed'
import { to } from '~/parts/address'
import type { Change } from './MoveRemove'
import { NewWorkflow } from './NewWorkflow'
import type { WorkflowDocument } from './useDocument'

interface ActionsProps {
  workflow: string
  title: string
  document: WorkflowDocument
  /** There is a file to be moved or removed. */
  file: boolean
  /** It is no file that is changed here: a crate's, say. */
  given: boolean
  mayWrite: boolean
  save: () => void
  publish: () => void
  discard: () => void
  change: (change: Change) => void
}

/** What can be done with a workflow. */
export function Actions(props: ActionsProps) {
  const { workflow, title, document, file, given, mayWrite, save, publish, discard, change } = props
  const [copying, setCopying] = useState(false)
  const unpublished = document.unpublished && !given
  const changed = unpublished || document.revision > 0
  return (
    <>
      <Button
        component={Link}
        to={`${to.test(workflow)}${changed ? '?draft=1' : ''}`}
        variant="default"
        leftSection={<IconFlask size={16} stroke={1.6} aria-hidden />}
      >
        Test
      </Button>
      <Button
        component={Link}
        to={`/runs?workflow=${encodeURIComponent(workflow)}`}
        variant="default"
        leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
      >
        Runs
      </Button>
      <AllowedButton needs="author" variant="default" loading={document.busy} disabled={!document.dirty} onClick={save}>
        Save as draft
      </AllowedButton>
      <AllowedButton needs="author" disabled={!unpublished} onClick={publish}>
        Publish …
      </AllowedButton>
      {mayWrite && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label="More">
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item disabled={!changed} onClick={discard}>
              Discard the draft …
            </Menu.Item>
            <Menu.Item onClick={() => setCopying(true)}>Copy …</Menu.Item>
            <Menu.Item disabled={!file} onClick={() => change('move')}>
              Move …
            </Menu.Item>
            <Menu.Item disabled={!file} onClick={() => change('remove')}>
              Remove …
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <NewWorkflow
        opened={copying}
        close={() => setCopying(false)}
        copyOf={{ id: workflow, title, text: document.text }}
      />
    </>
  )
}
