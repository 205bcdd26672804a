import { Radio, Stack, TextInput } from '@mantine/core'
import type { Taken } from './edit/taken'

const kinds = [
  { value: 'success', label: 'After success', description: 'The task did its work' },
  { value: 'failure', label: 'After failure', description: 'It failed or timed out; the failure counts as handled' },
  { value: 'always', label: 'Always', description: 'Whatever became of it' },
  { value: 'condition', label: 'When a condition holds', description: 'An expression over result, error, succeeded …' },
] as const

/** A condition to begin with. */
const begun = 'succeeded && '

/** Whether it is said when the way is taken. */
export const isWhole = (taken: Taken) => taken.kind !== 'condition' || (taken.when ?? '').trim() !== ''

/** When a task leads to another one: the fields for it. */
export function TakenFields({ value, onChange }: { value: Taken; onChange: (taken: Taken) => void }) {
  return (
    <>
      <Radio.Group
        label="When"
        value={value.kind}
        onChange={kind => onChange({ ...value, kind: kind as Taken['kind'], when: value.when ?? begun })}
      >
        <Stack gap="xs" mt={4}>
          {kinds.map(k => (
            <Radio key={k.value} {...k} />
          ))}
        </Stack>
      </Radio.Group>
      {value.kind === 'condition' && (
        <TextInput
          label="Condition"
          description="An expression, without braces"
          required
          value={value.when ?? ''}
          onChange={e => onChange({ ...value, when: e.currentTarget.value })}
          classNames={{ input: 'g-mono' }}
        />
      )}
      <TextInput
        label="Label"
        description="A word for the graph; it may stay empty"
        value={value.label ?? ''}
        onChange={e => onChange({ ...value, label: e.currentTarget.value })}
      />
    </>
  )
}
