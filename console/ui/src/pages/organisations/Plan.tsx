import { Alert, Code, List, Stack, Text } from '@mantine/core'
import type { Schemas } from '~/api/client'
import { HintLine } from '~/parts/HintLine'
import { sentence } from '~/parts/Problem'

type Answer = Schemas['ApplyOrganisationsOutBody']

/** Whether the file has mistakes, so that nothing is done. */
export function failed(answer: Answer): boolean {
  return (answer.diagnostics ?? []).some(d => d.severity === 'error')
}

const signs: Record<string, string> = { create: '+', restore: '+', change: '~', remove: '−' }

/** What a file would change, or what is wrong with it. */
export function Plan({ plan }: { plan: Answer }) {
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
                {sentence(d.message)} {d.hint && <HintLine hint={d.hint} />}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {!failed(plan) && (
        <>
          <Text size="sm" fw={550} role="status">
            {changes.length === 0
              ? 'Everything is as the file says.'
              : `${changes.length} change${changes.length === 1 ? '' : 's'}:`}
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
