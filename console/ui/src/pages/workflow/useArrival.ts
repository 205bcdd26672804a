import { useEffect, useEffectEvent } from 'react'
import { useSearchParams } from 'react-router'
import { Fault } from '~/api/fault'
import { useAddress } from '~/parts/address'
import { tell } from '~/parts/tell'
import { lineOfWhen, setWhen } from './edit/triggers'
import { takeOver } from './handed'
import type { Writer } from './useWriter'

interface Arriving {
  workflow: string
  readOnly: boolean
  writer: Writer
  goTo: (line: number) => void
}

/** What the page was opened for: a line to look at, or the condition of a trigger that was made on the trigger's page. */
export function useArrival({ workflow, readOnly, writer, goTo }: Arriving) {
  const [line] = useAddress('line')
  const [trigger, setTrigger] = useAddress('when')
  const { ready } = writer
  const show = useEffectEvent((at: number) => goTo(at))
  const take = useEffectEvent((name: string) => {
    setTrigger(null)
    const when = readOnly ? null : takeOver(workflow, name)
    const text = writer.editor()?.state.sliceDoc() ?? ''
    const at = lineOfWhen(text, name)
    if (at === null) {
      if (when !== null) tell.failure(missing(name))
      return
    }
    if (when !== null) {
      writer.edit(was => setWhen(was, name, when))
      const same = writer.editor()?.state.sliceDoc() === text
      tell.done(same ? `This is the condition of ${name} already.` : `The condition of ${name} is written. Publish it.`)
    }
    goTo(lineOfWhen(writer.editor()?.state.sliceDoc() ?? '', name) ?? at)
  })
  useEffect(() => {
    if (ready && /^[1-9]\d*$/.test(line)) show(Number(line))
  }, [ready, line])
  useEffect(() => {
    if (ready && trigger) take(trigger)
  }, [ready, trigger])
}

const missing = (name: string) =>
  new Fault(404, {
    code: 'not_found',
    message: `The text has no trigger ${name}.`,
    hint: 'The draft may have another name for it. The condition was not written: make it again, or write it by hand.',
  })

/** The task that is selected, in the address: with it goes the line that the page was opened for. */
export function useSelected(): [string, (task: string | null) => void] {
  const [params, setParams] = useSearchParams()
  const set = (task: string | null) =>
    setParams(
      was => {
        const next = new URLSearchParams(was)
        next.delete('line')
        if (task) next.set('task', task)
        else next.delete('task')
        return next
      },
      { replace: true },
    )
  return [params.get('task') ?? '', set]
}
