import {
  Button,
  Code,
  Group,
  NativeSelect,
  NumberInput,
  Paper,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconPencil, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { stringify } from 'yaml'
import { handOver } from '~/pages/workflow/handed'
import { to } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { type Operator, operatorsFor, stepsOf, valuesAt, valueText } from './condition'
import type { Event, Shown } from './shown'
import { asked, type Choice, type Counts, conditionsOf, counted, firstChoice, whenOf } from './suggestion'
import { useOwnWhen } from './useOwnWhen'

/** A value of an event that was chosen. */
export interface Picked {
  path: string
  value: unknown
}

interface WhenBuilderProps {
  trigger: Shown
  events: Event[]
  picked: Picked[]
  remove: (path: string) => void
}

/** Makes a condition of values that were chosen, and tells what it would have made of the last events. */
export function WhenBuilder({ trigger, events, picked, remove }: WhenBuilderProps) {
  const [changed, setChanged] = useState<Record<string, Choice>>({})
  const [careful, setCareful] = useState(true)
  const [anew, setAnew] = useState(false)
  const present = useOwnWhen(trigger)
  const navigate = useNavigate()
  const made = useRef<HTMLDivElement>(null)
  // It stands below what came, which may be long.
  useEffect(() => {
    if (picked.length > 0) made.current?.scrollIntoView({ block: 'nearest' })
  }, [picked.length])
  const choices = picked.map(p => changed[p.path] ?? firstChoice(p.path, p.value))
  const data = events.map(e => e.data ?? {})
  const conditions = conditionsOf(choices, careful)
  const when = whenOf(anew ? undefined : present, conditions)
  const edit = () => {
    handOver({ workflow: trigger.workflow, trigger: trigger.trigger, when })
    void navigate(`${to.workflow(trigger.workflow)}?view=edit&when=${encodeURIComponent(trigger.trigger)}`)
  }
  return (
    <Paper component="section" aria-label="A condition of chosen values" ref={made}>
      <Stack gap="sm">
        <Title order={2} size="h3">
          Put it into the condition
        </Title>
        {choices.map(c => (
          <ChoiceRow
            key={c.path}
            choice={c}
            data={data}
            onChange={next => setChanged(was => ({ ...was, [c.path]: next }))}
            remove={() => remove(c.path)}
          />
        ))}
        <Switch
          checked={careful}
          onChange={e => setCareful(e.currentTarget.checked)}
          label="Filter events that lack the value"
          description="Otherwise such an event fails, and you are told of it"
        />
        {present && (
          <Switch
            checked={anew}
            onChange={e => setAnew(e.currentTarget.checked)}
            label="Replace the present condition instead of adding to it"
          />
        )}
        <Group gap="xs" wrap="nowrap" align="start">
          <Code block style={{ flex: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} aria-label="The condition">
            {stringify({ when }, { lineWidth: 0 }).trimEnd()}
          </Code>
          <Copy text={when} label="Copy the condition" />
        </Group>
        <Text size="sm" role="status">
          {told(counted(conditions, data), data.length, picked.length)}
        </Text>
        <Group>
          <Button onClick={edit} leftSection={<IconPencil size={16} aria-hidden />} variant="default">
            Open it in the editor
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}

function told(counts: Counts, all: number, chosen: number): string {
  const what = chosen === 1 ? 'what was chosen' : `the ${chosen} things that were chosen`
  const events = all === 1 ? 'the one event' : `the ${all} events`
  const failing = counts.fails > 0 ? ` ${counts.fails} would fail: they lack the value, or it is of another kind.` : ''
  return `Of ${events} in the list, ${what} would let ${counts.passes} pass and filter ${counts.filtered}.${failing}`
}

const words: Record<Operator, string> = {
  equals: 'is',
  differs: 'is not',
  among: 'is one of',
  contains: 'contains',
  starts: 'begins with',
  ends: 'ends with',
  above: 'is more than',
  at_least: 'is at least',
  below: 'is less than',
  at_most: 'is at most',
  holds: 'is true',
  not_empty: 'is not empty',
  there: 'is there',
}

interface ChoiceRowProps {
  choice: Choice
  data: Record<string, unknown>[]
  onChange: (choice: Choice) => void
  remove: () => void
}

function ChoiceRow({ choice, data, onChange, remove }: ChoiceRowProps) {
  const seen = valuesAt(stepsOf(choice.path) ?? [], data)
  return (
    <Group gap="xs" align="end">
      <Stack gap={2} style={{ flex: '1 1 160px', minWidth: 0 }}>
        <Code style={{ overflowWrap: 'anywhere', alignSelf: 'start' }}>{choice.path}</Code>
        <NativeSelect
          aria-label={`What is asked of ${choice.path}`}
          value={choice.operator}
          onChange={e => onChange(asked(choice, e.currentTarget.value as Operator, seen))}
          data={operatorsFor(choice.value).map(o => ({ value: o, label: words[o] }))}
        />
      </Stack>
      <Against choice={choice} seen={seen} onChange={against => onChange({ ...choice, against })} />
      <Button variant="subtle" color="gray" px="xs" onClick={remove} aria-label={`Leave ${choice.path} out`}>
        <IconX size={16} aria-hidden />
      </Button>
    </Group>
  )
}

interface AgainstProps {
  choice: Choice
  seen: unknown[]
  onChange: (value: unknown) => void
}

function Against({ choice, seen, onChange }: AgainstProps) {
  const label = `What ${choice.path} is compared with`
  const flex = { flex: '2 1 200px' }
  if (choice.operator === 'among') {
    const kept = new Map([...seen, choice.value].map(v => [shownAs(v), v]))
    return (
      <TagsInput
        aria-label={label}
        style={flex}
        value={[choice.against].flat().map(shownAs)}
        data={seen.map(shownAs)}
        onChange={texts => onChange(texts.map(t => kept.get(t) ?? typed(t, choice.value)))}
      />
    )
  }
  if (typeof choice.against === 'string')
    return (
      <TextInput
        aria-label={label}
        style={flex}
        value={choice.against}
        onChange={e => onChange(e.currentTarget.value)}
      />
    )
  if (typeof choice.against === 'number')
    return (
      <NumberInput
        aria-label={label}
        style={flex}
        value={choice.against}
        onChange={v => typeof v === 'number' && onChange(v)}
      />
    )
  return choice.against === undefined ? null : (
    <Code style={flex} p="xs">
      {valueText(choice.against)}
    </Code>
  )
}

const shownAs = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? null))

// What was typed, as a value of the same kind as the one that came.
function typed(text: string, like: unknown): unknown {
  return typeof like === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
}
