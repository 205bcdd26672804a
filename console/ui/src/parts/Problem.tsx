import { Alert, Button, Code, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { asFault } from '~/api/fault'
import { HintLine } from './HintLine'
import { inConsole, sentence } from './hint'

export { sentence } from './hint'

interface Diagnostic {
  file?: string
  line?: number
  column?: number
  message?: string
  hint?: string
}

interface ProblemProps {
  error: unknown
  title?: string
  retry?: () => void
  /** The reader cannot open the pages that the hint names. */
  unlinked?: boolean
}

/** An error: what failed, and what to do about it. Nothing where there is none. */
export function Problem({ error, title, retry, unlinked }: ProblemProps) {
  if (!error) return null
  const fault = asFault(error)
  const mistakes = Array.isArray(fault.detail) ? (fault.detail as Diagnostic[]).filter(d => d?.message) : []
  const fields = Object.entries(fault.fields)
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle />} title={title ?? fault.message} w="100%">
      {title && <Text size="sm">{fault.message}</Text>}
      {fault.hint && <Text size="sm">{unlinked ? sentence(fault.hint) : <HintLine hint={fault.hint} />}</Text>}
      {(fields.length > 0 || mistakes.length > 0) && (
        <List size="sm" mt={4}>
          {fields.map(([name, message]) => (
            <List.Item key={name}>
              <Code>{name.replace(/^body\./, '')}</Code> {message}
            </List.Item>
          ))}
          {mistakes.slice(0, 20).map(d => (
            <List.Item key={`${d.file}:${d.line}:${d.column}:${d.message}`}>
              {d.file && <Code>{d.line ? `${d.file}:${d.line}` : d.file}</Code>} {d.message}
              {d.hint && <> ({inConsole(d.hint)})</>}
            </List.Item>
          ))}
        </List>
      )}
      {retry && (
        <Button mt="sm" size="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}
