import { Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { sentence } from '~/parts/Problem'
import type { Checked, Diagnostic } from './useCheck'

type Fix = NonNullable<Diagnostic['fixes']>[number]

interface FoundProps {
  checked: Checked | null
  goTo: (line: number, column: number) => void
  /** Undefined where nothing can be changed. */
  mend?: (fix: Fix) => void
  /** It fills the pane. */
  whole?: boolean
}

/** What the checker found, as a list: each leads to its place, and can be mended where it is known how. */
export function Found({ checked, goTo, mend, whole }: FoundProps) {
  const found = checked?.diagnostics ?? []
  return (
    <section className="g-found" data-whole={whole || undefined} aria-label="What the checker found">
      <ul>
        {found.map(d => (
          <li key={`${d.line}:${d.column}:${d.code}:${d.message}`}>
            <button type="button" className="g-found-line" onClick={() => goTo(d.line, d.column)}>
              <Sign severity={d.severity} />
              <span className="g-mono g-quiet">{d.line > 0 ? `${d.line}:${d.column}` : 'file'}</span>
              <span>
                {d.message}
                {d.hint && <span className="g-quiet"> {sentence(d.hint)}</span>}
              </span>
            </button>
            {mend && (
              <Group gap={4}>
                {(d.fixes ?? []).slice(0, 3).map(fix => (
                  <Button key={fix.title} size="compact-xs" variant="default" onClick={() => mend(fix)}>
                    {fix.title}
                  </Button>
                ))}
              </Group>
            )}
          </li>
        ))}
      </ul>
      {checked && found.length === 0 && whole && (
        <Text size="sm" p="md" className="g-quiet">
          Nothing is wrong with this text.
        </Text>
      )}
    </section>
  )
}

function Sign({ severity }: { severity: string }) {
  return severity === 'error' ? (
    <IconCircleX size={15} className="g-error" aria-label="Error" />
  ) : (
    <IconAlertTriangle size={15} className="g-warning" aria-label="Warning" />
  )
}

/** What was found, in a word. */
export function Verdict({ checked, current }: { checked: Checked | null; current: boolean }) {
  const count = (severity: string) => checked?.diagnostics.filter(d => d.severity === severity).length ?? 0
  const errors = count('error')
  const warnings = count('warning')
  const some = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`
  const told = [errors > 0 && some(errors, 'error'), warnings > 0 && some(warnings, 'warning')].filter(Boolean)
  if (!checked) return <span className="g-quiet">being checked …</span>
  return (
    <Group gap={6} wrap="nowrap" role="status" aria-busy={!current} fz="sm" opacity={current ? 1 : 0.75}>
      {errors > 0 ? (
        <IconCircleX size={16} className="g-error" aria-hidden />
      ) : warnings > 0 ? (
        <IconAlertTriangle size={16} className="g-warning" aria-hidden />
      ) : (
        <IconCircleCheck size={16} className="g-fine" aria-hidden />
      )}
      <span>{told.length > 0 ? told.join(', ') : 'Checks'}</span>
    </Group>
  )
}
