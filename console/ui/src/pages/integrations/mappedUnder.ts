import type { Schemas } from '~/api/client'

type Instance = Schemas['Instance']
type Mapping = Schemas['Mapping']

/**
 * The organisations that are mapped under each instance, by the instances' ids. A mapping that names no instance is meant
 * under the MSP's default one.
 */
export function mappedUnder(instances: Instance[], mappings: Mapping[], msp: string): Map<string, string[]> {
  const under = new Map<string, string[]>()
  const first = new Map(
    instances.filter(i => i.default && i.organisation === msp).map(i => [i.integration, i.id] as const),
  )
  for (const m of mappings) {
    const id = m.instance_id || first.get(m.integration)
    if (id) under.set(id, [...(under.get(id) ?? []), m.organisation])
  }
  return under
}
