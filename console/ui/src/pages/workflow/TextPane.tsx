import { Kbd, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { CodeEditor } from '~/parts/code'
import { Verdict } from './Found'
import type { Checked } from './useCheck'
import type { WorkflowDocument } from './useDocument'
import type { Writer } from './useWriter'

interface TextPaneProps {
  workflow: string
  document: WorkflowDocument
  check: { checked: Checked | null; current: boolean }
  writer: Writer
  readOnly: boolean
  phone: boolean
  /** The editor is there. */
  onReady: () => void
  /** What the checker found. */
  found: ReactNode
}

/** The text, and how the checker judges it. */
export function TextPane({ workflow, document, check, writer, readOnly, phone, onReady, found }: TextPaneProps) {
  return (
    <div className="g-pane">
      <div className="g-pane-bar">
        <Text size="sm" fw={600}>
          YAML
        </Text>
        {!readOnly && <Verdict checked={check.checked} current={check.current} />}
        {!readOnly && !phone && (
          <Text size="xs" className="g-quiet" ml="auto">
            <Kbd size="xs">F8</Kbd> next mistake · <Kbd size="xs">Ctrl .</Kbd> mend · <Kbd size="xs">Ctrl I</Kbd>{' '}
            explain · <Kbd size="xs">Esc Tab</Kbd> leave
          </Text>
        )}
      </div>
      <div className="g-pane-rest">
        <CodeEditor
          value={document.text}
          onChange={document.setText}
          language="yaml"
          readOnly={readOnly}
          label={`The text of ${workflow}`}
          height="100%"
          extensions={writer.extensions}
          onReady={editor => {
            writer.onReady(editor)
            onReady()
          }}
        />
      </div>
      {!readOnly && !phone && (check.checked?.diagnostics.length ?? 0) > 0 && found}
    </div>
  )
}
