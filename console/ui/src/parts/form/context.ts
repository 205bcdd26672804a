import { createContext, type ReactNode, useContext } from 'react'
import type { Mistakes } from './mistakes'

/** What all fields of a form share, also those of objects within it. */
export interface FormSettings {
  errors: Mistakes
  expressions: boolean
  disabled: boolean
  kept: string[]
  /** An editor of expressions in place of a plain field for text. */
  renderExpression?: (editor: ExpressionEditor) => ReactNode
}

export interface ExpressionEditor {
  label: string
  value: string
  onChange: (value: string) => void
}

export const FormContext = createContext<FormSettings>({ errors: {}, expressions: false, disabled: false, kept: [] })

export function useFormSettings(): FormSettings {
  return useContext(FormContext)
}
