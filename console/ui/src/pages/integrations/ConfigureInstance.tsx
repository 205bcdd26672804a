import { Anchor, Button, Checkbox, Drawer, Group, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { FormProblem, SchemaForm } from '~/parts/form'
import { OrganisationPicker } from '~/parts/OrganisationPicker'
import { Problem } from '~/parts/Problem'
import classes from './configure.module.css'
import { Outcome } from './Outcome'
import { type ConfigureProps, useConfiguring } from './useConfiguring'

/** Configures an integration for an organisation: the form that its YAML describes, a test, and then it is saved. */
export function ConfigureInstance(props: ConfigureProps) {
  const { integration, instance, close } = props
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      title={instance ? `Change ${instance.name}` : `Configure ${integration.title}`}
    >
      <InstanceForm {...props} />
    </Drawer>
  )
}

function InstanceForm(props: ConfigureProps) {
  const { integration, instance, choose } = props
  const configuring = useConfiguring(props)
  const { form, values, change, line, setLine, name, setName, org, setOrg, isDefault, setDefault } = configuring
  const { mistakes, error, report, busy, test, save, unchanged } = configuring
  const fields = useRef<HTMLFormElement>(null)
  // The form is long: what is wrong is brought to where it is seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the mistakes of each look
  useEffect(() => fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [mistakes])
  const address = Object.values(values).find(v => typeof v === 'string' && /[./:]/.test(v)) as string | undefined
  const testFailed = report !== null && !report.ok
  return (
    <form
      ref={fields}
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
            onChange={e => setLine(e.currentTarget.value)}
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
        {error === null && Object.keys(mistakes).length > 0 && <FormProblem error={null} mistakes={mistakes} />}
        <Group justify="flex-end" className={classes.foot}>
          {testFailed && !unchanged && (
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
