import { expect, test } from 'vitest'
import type { Schemas } from '~/api/client'
import { type ConfigForm, formOf, given, isNothing, shownConfig, titleOf, wrongFields } from './form'

const integration: Schemas['Integration'] = {
  id: 'halo',
  title: 'HaloPSA',
  testable: true,
  mappable: true,
  config: [
    {
      name: 'server',
      title: 'Resource Server',
      help: 'Where it runs.',
      secret: false,
      required: true,
      schema: { type: 'string' },
    },
    { name: 'client_secret', secret: true, required: true, schema: { type: 'string', writeOnly: true } },
    { name: 'tenant', title: 'Tenant ID', secret: false, required: false, schema: { type: 'string' } },
  ],
}
const form: ConfigForm = formOf(integration)

test('the form has the titles and help of the fields', () => {
  expect(form.schema.properties?.server).toEqual({
    type: 'string',
    title: 'Resource Server',
    description: 'Where it runs.',
  })
  expect(form.schema.required).toEqual(['server', 'client_secret'])
  expect(form.secrets).toEqual(['client_secret'])
})

test('of a change only what differs is sent, and an emptied field is taken away', () => {
  const before = { server: 'a', tenant: 't' }
  expect(given(form, { server: 'a', client_secret: 's' }, before)).toEqual({
    config: { tenant: '' },
    secrets: { client_secret: 's' },
  })
  expect(isNothing(given(form, { ...before, client_secret: '' }, before))).toBe(true)
})

test('a message is put beside the field that it speaks of', () => {
  expect(wrongFields(form, 'client_secret is needed')).toEqual(['client_secret'])
  expect(wrongFields(form, 'a hosted Halo needs its Tenant ID')).toEqual(['tenant'])
  expect(wrongFields(form, 'the servers are down')).toEqual([])
})

test('what is set is told by the titles of the fields, in their order', () => {
  const instance = { config: { on_premise: false, tenant: 't', server: 'a' } }
  expect(shownConfig(instance, integration)).toEqual([
    ['Resource Server', 'a'],
    ['Tenant ID', 't'],
    ['on_premise', 'no'],
  ])
  expect(titleOf(undefined, 'client_secret')).toBe('client_secret')
})
