// Between the fields of an integration and what the API takes of a configuration. Pure.
import type { Schemas } from '~/api/client'
import { asSchema, type JsonSchema, type Values } from '~/parts/form'
import { inWords } from '~/parts/form/values'

type Integration = Schemas['Integration']

/** The form of an integration: JSON Schema, the order of its fields, and which are secret. */
export interface ConfigForm {
  schema: JsonSchema
  order: string[]
  secrets: string[]
}

/** The form by which an integration is configured. */
export function formOf(integration: Integration): ConfigForm {
  const fields = integration.config ?? []
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        fields.map(f => [f.name, { ...asSchema(f.schema), title: f.title ?? f.name, description: f.help }]),
      ),
      required: fields.filter(f => f.required).map(f => f.name),
    },
    order: fields.map(f => f.name),
    secrets: fields.filter(f => f.secret).map(f => f.name),
  }
}

/** What is sent: secrets apart from the rest, and of a change only what differs; an emptied field is taken away. */
export function given(form: ConfigForm, values: Values, before: Values = {}) {
  const config: Values = {}
  const secrets: Record<string, string> = {}
  for (const name of form.order) {
    const value = values[name]
    if (form.secrets.includes(name)) {
      if (typeof value === 'string' && value !== '') secrets[name] = value
    } else if (value === undefined || value === '') {
      if (before[name] !== undefined) config[name] = ''
    } else if (JSON.stringify(value) !== JSON.stringify(before[name])) {
      config[name] = value
    }
  }
  return { config, secrets }
}

/** Whether there is nothing in what would be sent. */
export function isNothing({ config, secrets }: ReturnType<typeof given>): boolean {
  return Object.keys(config).length + Object.keys(secrets).length === 0
}

/** Fields that an error of the server speaks of: by its fields, or by a field's name or title in what it says. */
export function wrongFields(form: ConfigForm, message: string): string[] {
  return form.order.filter(name => {
    const title = form.schema.properties?.[name]?.title
    return (
      new RegExp(`(^|[^a-z_])${name}($|[^a-z_])`, 'i').test(message) || (title !== undefined && message.includes(title))
    )
  })
}

/** What people call a field of an integration. */
export function titleOf(integration: Integration | undefined, name: string): string {
  return integration?.config?.find(f => f.name === name)?.title ?? name
}

/** What of an instance is set, in the order of the form: titles and values as people read them. */
export function shownConfig(
  { config }: Pick<Schemas['Instance'], 'config'>,
  integration: Integration | undefined,
): [string, string][] {
  const names = [...new Set([...(integration?.config ?? []).map(f => f.name), ...Object.keys(config)])]
  return names
    .filter(name => name in config)
    .map(name => [titleOf(integration, name).replace(/\?$/, ''), inWords(config[name])])
}
