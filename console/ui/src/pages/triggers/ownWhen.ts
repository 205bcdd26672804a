import { parse } from 'yaml'
import { bare } from './condition'

/** The `when` of a trigger's YAML, without braces; undefined where it has none. */
export function ownWhen(yaml: string): string | undefined {
  try {
    const [trigger] = [parse(yaml)].flat()
    return typeof trigger?.when === 'string' ? bare(trigger.when) : undefined
  } catch {
    return undefined
  }
}
