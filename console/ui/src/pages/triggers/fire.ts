import { refresh } from '~/api/cache'
import { api } from '~/api/client'
import { dataOf, type MadeUp } from './madeUp'
import type { Shown } from './shown'

/** Fires a trigger with an event that was made up, for an organisation ("": the MSP); gives the id of what is kept. */
export async function fire(trigger: Shown, event: MadeUp, organisation: string): Promise<string | undefined> {
  const { data } = await api.POST('/triggers/{workflow}/{trigger}/fire', {
    params: { path: { workflow: trigger.workflow, trigger: trigger.trigger } },
    body: {
      data: dataOf(trigger, event),
      skip_when: event.skip,
      ...(organisation ? { organisations: [organisation] } : {}),
    },
  })
  await refresh('triggers')
  return data?.events?.[0]?.id
}
