import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import { linked } from './hint'

/** What to do about an error, in a sentence; the pages that it names can be opened. */
export function HintLine({ hint }: { hint: string }) {
  return linked(hint).map(({ text, to }, i) =>
    to === undefined ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence keep their order
      <Anchor key={i} component={Link} to={to} inherit c="inherit" underline="always">
        {text}
      </Anchor>
    ),
  )
}
