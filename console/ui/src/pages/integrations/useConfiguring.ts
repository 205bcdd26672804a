import { useMemo, useState } from 'react'
import { refresh } from '~/api/cache'
import { api, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { type Mistakes, mistakesIn, type Values } from '~/parts/form'
import { tell } from '~/parts/tell'
import { formOf, given, isNothing, wrongFields } from './form'

export interface ConfigureProps {
  integration: Schemas['Integration']
  /** The instance to be changed; a new one is made where it is left out. */
  instance?: Schemas['Instance']
  /** The slug of the organisation that a new one is for; "" the MSP is chosen first. */
  organisation: string
  /** Whether the organisation can be chosen. */
  choose?: boolean
  close: () => void
}

/** What was filled in for an instance, and its test and saving. */
export function useConfiguring({ integration, instance, organisation, close }: ConfigureProps) {
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
  return {
    form,
    values,
    change,
    line,
    setLine: (next: string) => {
      setLine(next)
      setReport(null)
    },
    name,
    setName,
    org,
    setOrg,
    isDefault,
    setDefault,
    mistakes,
    error,
    report,
    busy,
    test,
    save,
    unchanged: instance !== undefined && isNothing(said) && line.trim() === '',
  }
}
