import { Anchor } from '@mantine/core'
import { Link, useInRouterContext } from 'react-router'
import { linked, type Piece } from './hint'

/** What to do about an error, in a sentence; the pages that it names can be opened. */
export function HintLine({ hint }: { hint: string }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence keep their order
  return linked(hint).map((piece, i) => <Shown key={i} {...piece} />)
}

const look = { inherit: true, c: 'inherit', underline: 'always' } as const

function Shown({ text, to }: Piece) {
  const among = useInRouterContext() // dialogues that ask once more stand outside of the pages
  if (to === undefined) return text
  if (among)
    return (
      <Anchor component={Link} to={to} {...look}>
        {text}
      </Anchor>
    )
  return (
    <Anchor href={to} {...look}>
      {text}
    </Anchor>
  )
}
