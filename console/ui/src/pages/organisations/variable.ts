// Variables as people see and write them. Pure.
import type { Schemas } from '~/api/client'

export type Variable = Schemas['Variable']
export type VariableType = Variable['type']

export const types: { value: VariableType; label: string }[] = [
  { value: 'string', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'list', label: 'List' },
  { value: 'object', label: 'Object: names and values' },
  { value: 'secret', label: 'Secret' },
]

/** The word for a type. */
export function typeWord(type: VariableType): string {
  return types.find(t => t.value === type)?.label.split(':')[0] ?? type
}

/** A value on one line. */
export function oneLine({ type, value }: Pick<Variable, 'type' | 'value'>): string {
  if (type === 'secret') return '••••••••'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (value === '') return 'empty'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value in few words, for what is told in passing. */
export function inShort(variable: Pick<Variable, 'type' | 'value'>): string {
  const text = oneLine(variable).split('\n', 1)[0] ?? ''
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** What is wrong with the name of a new variable; "" where nothing is. */
export function nameMistake(name: string, taken: string[]): string {
  if (name === '') return ''
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return 'Letters, digits and _ only, and no digit first'
  return taken.includes(name) ? 'The organisation has it already: change that one' : ''
}
