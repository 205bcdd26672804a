export { fieldMistakes, type Mistakes, mistakesIn } from './mistakes'
export { SchemaForm, type SchemaFormProps } from './SchemaForm'
export { asSchema, type JsonSchema } from './schema'
export { Unreadable, type Values } from './values'
