import { Checkbox, PasswordInput, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { useSession } from '~/app/session'
import { Dialogue } from '~/pages/integrations/Dialogue'
import { type JsonSchema, mistakesIn, SchemaForm, type Values } from '~/parts/form'
import { tell } from '~/parts/tell'
import { When } from '~/parts/When'
import { Origins } from './Origins'
import { inShort, nameMistake, oneLine, types, typeWord, type Variable, type VariableType } from './variable'

interface EditorProps {
  organisation: Schemas['OrganisationDetail']
  /** The one that is changed, or whose inherited value is overridden; a new one is made where it is left out. */
  variable?: Variable
  taken: string[]
  /** The names of organisations, by their slugs. */
  names: Map<string, string>
  close: () => void
}

const shapes: Record<VariableType, JsonSchema> = {
  string: { type: 'string', 'x-format': 'multiline' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  list: { type: 'array' },
  object: { type: 'object' },
  secret: { type: 'string', writeOnly: true },
}

const empty: Partial<Record<VariableType, unknown>> = { string: '', list: [], object: {} }

/** Sets a variable. A secret goes in and never comes out. */
export function VariableEditor({ organisation: o, variable, taken, names, close }: EditorProps) {
  const { mayAnywhere } = useSession()
  const own = variable?.source === o.slug
  const [name, setName] = useState(variable?.name ?? '')
  const [type, setType] = useState<VariableType>(variable?.type ?? 'string')
  const [local, setLocal] = useState(own ? (variable?.local ?? false) : false)
  const [values, setValues] = useState<Values>(
    variable && variable.type !== 'secret' ? { value: variable.value ?? undefined } : {},
  )
  const retypes = own && type !== variable?.type
  const schema: JsonSchema = {
    type: 'object',
    properties: { value: { ...shapes[type], title: 'Value' } },
    required: empty[type] === undefined ? ['value'] : [],
  }
  const wrong = mistakesIn(schema, values)
  const badName = nameMistake(name, variable ? [] : taken)
  const act = async () => {
    const { data } = await api.PUT('/organisations/{org}/variables/{name}', {
      params: { path: { org: o.slug, name } },
      body: { type, local, retype: retypes, value: values.value ?? empty[type] },
    })
    tell.done(type === 'secret' ? `The secret ${name} is set.` : `${name} is ${data ? inShort(data) : 'set'} now.`)
    await refresh('variables')
  }
  const title = !variable ? 'Add a variable' : own ? `Change ${variable.name}` : `Override ${variable.name}`
  return (
    <Dialogue
      title={title}
      go={own || !variable ? 'Save' : `Save for ${o.name}`}
      close={close}
      act={act}
      disabled={name === '' || badName !== '' || Object.keys(wrong).length > 0}
    >
      {variable && !own && (
        <Text size="sm">
          {o.name} inherits it from {names.get(variable.source) ?? variable.source}
          {variable.type !== 'secret' && <>: {oneLine(variable)}</>}. A value of its own counts for it and for those
          below it.
        </Text>
      )}
      {!variable && (
        <TextInput
          label="Name"
          description="Workflows read it as org.vars.NAME."
          required
          data-autofocus
          error={badName || undefined}
          value={name}
          onChange={e => setName(e.currentTarget.value)}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      )}
      {variable && !own ? (
        <Text size="sm" className="g-quiet">
          Type: {typeWord(type)}. Down the tree a name keeps one type.
        </Text>
      ) : (
        <Select
          label="Type"
          data={types.filter(t => t.value !== 'secret' || mayAnywhere('admin') || type === 'secret')}
          value={type}
          allowDeselect={false}
          onChange={next => {
            if (!next) return
            setType(next as VariableType)
            setValues({})
          }}
          error={retypes ? 'Workflows may rely on the type that it had: look at them first' : undefined}
        />
      )}
      {type === 'secret' ? (
        <PasswordInput
          label="Value"
          description={
            own && variable?.set_at ? (
              <>
                Set <When at={variable.set_at} size="xs" />. It is never shown: a new value takes its place.
              </>
            ) : (
              'It is stored encrypted and never shown.'
            )
          }
          required
          autoComplete="new-password"
          data-autofocus={variable ? true : undefined}
          value={typeof values.value === 'string' ? values.value : ''}
          onChange={e => setValues({ value: e.currentTarget.value || undefined })}
        />
      ) : (
        <SchemaForm
          key={type}
          schema={schema}
          value={values}
          onChange={setValues}
          errors={values.value === undefined ? {} : wrong}
        />
      )}
      <Checkbox
        label="Local: organisations below do not inherit it"
        checked={local}
        onChange={e => setLocal(e.currentTarget.checked)}
      />
      {variable && <Origins organisation={o.slug} name={variable.name} names={names} />}
    </Dialogue>
  )
}
