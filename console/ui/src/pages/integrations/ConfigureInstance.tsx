import { Anchor, Button, Checkbox, Drawer, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { type Mistakes, mistakesIn, SchemaForm, type Values } from '~/parts/form'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import { tell } from '~/parts/tell'
import classes from './configure.module.css'
import { formOf, given, isNothing, wrongFields } from './form'
import { Outcome } from './Outcome'

interface ConfigureProps {
  integration: Schemas['Integration']
  /** The instance to be changed; a new one is made where it is left out. */
  instance?: Schemas['Instance']
  /** The slug of the organisation that a new one is for; "" the MSP is chosen first. */
  organisation: string
  /** Whether the organisation can be chosen. */
  choose?: boolean
  close: () => void
}

/** Configures an integration for an organisation: the form that its YAML describes, a test, and then it is saved. */
export function ConfigureInstance(props: ConfigureProps) {
  const { integration, instance, close } = props
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={instance ? `Change ${instance.name}` : `Configure ${integration.title}`}
    >
      <InstanceForm {...props} />
    </Drawer>
  )
}

function InstanceForm({ integration, instance, organisation, choose, close }: ConfigureProps) {
  const form = useMemo(() => formOf(integration), [integration])
  const before = instance?.config
  const [values, setValues] = useState<Values>({ ...before })
  const [line, setLine] = useState('')
  const [name, setName] = useState('')
  const [org, setOrg] = useState(organisation)
  const [isDefault, setDefault] = useState(false)
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [error, setError] = useState<unknown>(null)
  const [report, setReport] = useState<Schemas['TestReport'] | null>(null)
  const [busy, setBusy] = useState<'test' | 'save' | null>(null)
  const said = given(form, values, before)
  const change = (next: Values) => {
    setValues(next)
    setMistakes({})
    setReport(null)
    setError(null)
  }
  const params = {
    path: { org: instance?.organisation ?? (org || '_'), integration: integration.id },
    query: instance ? { name: instance.name } : {},
  }
  const body = { ...said, line: line.trim() || undefined }
  const looked = () => {
    const found = line.trim()
      ? {}
      : mistakesIn(form.schema, values, { secrets: form.secrets, kept: instance?.secret_fields ?? [] })
    setMistakes(found)
    setError(null)
    setReport(null)
    return Object.keys(found).length === 0
  }
  const failed = (e: unknown) => {
    const fault = asFault(e)
    const shown = (fault.detail as { report?: Schemas['TestReport'] } | undefined)?.report
    if (shown) setReport(shown)
    setError(e)
    setMistakes(Object.fromEntries(wrongFields(form, fault.message).map(f => [f, fault.message])))
  }
  const test = async () => {
    if (!looked()) return
    setBusy('test')
    try {
      const { data } = await api.POST('/organisations/{org}/instances/{integration}/try', {
        params: instance ? params : { ...params, query: { name: name || undefined } },
        body: { ...body, change: instance !== undefined },
      })
      if (data) setReport(data)
    } catch (e) {
      failed(e)
    } finally {
      setBusy(null)
    }
  }
  const save = async (force: boolean) => {
    if (!looked()) return
    setBusy('save')
    try {
      if (instance) {
        await api.PATCH('/organisations/{org}/instances/{integration}', { params, body: { ...body, force } })
      } else {
        await api.POST('/organisations/{org}/instances/{integration}', {
          params: { path: params.path },
          body: { ...body, force, name: name || undefined, default: isDefault },
        })
      }
      tell.done(`${name || instance?.name || integration.title} is saved.`)
      await refresh('integrations')
      close()
    } catch (e) {
      failed(e)
    } finally {
      setBusy(null)
    }
  }
  const unchanged = instance !== undefined && isNothing(said) && line.trim() === ''
  const address = Object.values(values).find(v => typeof v === 'string' && /[./:]/.test(v)) as string | undefined
  const testFailed = report !== null && !report.ok
  return (
    <form
      noValidate
      onSubmit={e => {
        e.preventDefault()
        void save(false)
      }}
    >
      <Stack>
        {integration.docs && (
          <Text size="sm" className="g-quiet">
            Where these values come from stands in{' '}
            <Anchor href={integration.docs} target="_blank" rel="noreferrer" underline="always" inherit>
              the documentation of {integration.title}
            </Anchor>
            .
          </Text>
        )}
        {!instance && choose && (
          <OrganisationPicker
            label="For which organisation"
            description="An instance of the MSP can be lent to all clients by workflows. A client with a system of its own gets an instance of its own."
            value={org}
            onChange={setOrg}
            none="the MSP"
          />
        )}
        {!instance && (
          <TextInput
            label="Name"
            description="By it workflows choose among several instances."
            placeholder={integration.title}
            value={name}
            onChange={e => setName(e.currentTarget.value)}
          />
        )}
        {integration.one_line && (
          <TextInput
            label={`Or all at once: the ${integration.one_line.title}`}
            description={integration.one_line.description}
            placeholder={integration.one_line.shapes?.[0]}
            type="password"
            autoComplete="new-password"
            value={line}
            onChange={e => {
              setLine(e.currentTarget.value)
              setReport(null)
            }}
          />
        )}
        <SchemaForm
          schema={form.schema}
          order={form.order}
          secrets={form.secrets}
          kept={instance?.secret_fields ?? []}
          value={values}
          onChange={change}
          errors={mistakes}
          disabled={busy !== null}
        />
        {!instance && (
          <Checkbox
            label="Make it the default of the organisation"
            description="The first one is the default anyway."
            checked={isDefault}
            onChange={e => setDefault(e.currentTarget.checked)}
          />
        )}
        {report && <Outcome report={report} address={address} odd={report.configuration_warnings} />}
        {!testFailed && <Problem error={error} />}
        <Group justify="flex-end" className={classes.foot}>
          {testFailed && (
            <Button variant="subtle" color="gray" disabled={busy !== null} onClick={() => void save(true)}>
              Save it all the same
            </Button>
          )}
          {integration.testable && (
            <Button variant="default" loading={busy === 'test'} disabled={busy === 'save'} onClick={() => void test()}>
              Test settings
            </Button>
          )}
          <Button type="submit" loading={busy === 'save'} disabled={busy === 'test' || unchanged}>
            {integration.testable ? 'Test and save' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
