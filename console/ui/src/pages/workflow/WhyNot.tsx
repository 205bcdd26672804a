import { Text } from '@mantine/core'
import { sentence } from '~/parts/Problem'
import type { Stored } from './document'

/** Why nothing is published here; nothing where it is. */
export function WhyNot({ stored }: { stored: Stored }) {
  const { allowed, why } = stored.publish
  if (allowed || !why) return null
  return (
    <Text size="sm" className="g-error">
      {sentence(why.message)} {why.hint && sentence(why.hint)}
    </Text>
  )
}
