import { Button } from '@mantine/core'
import { IconMessageOff } from '@tabler/icons-react'
import { Link } from 'react-router'
import { asFault } from '~/api/fault'
import { to } from '~/parts/address'
import { Empty } from '~/parts/Empty'
import { Problem, sentence } from '~/parts/Problem'

const titles: Record<number, string> = {
  403: 'This question is not for you',
  404: 'Nothing is asked here at present',
}

/** A question that cannot be answered any more, or is nothing for whoever asks: which of these, and what to do. */
export function NotOpen({ error, run }: { error: unknown; run: string }) {
  const fault = asFault(error)
  if (fault.status === 0 || fault.status >= 500) return <Problem error={error} />
  const refused = fault.status === 403
  return (
    <Empty
      icon={IconMessageOff}
      title={titles[fault.status] ?? 'There is nothing to answer here any more'}
      actions={
        <>
          {!refused && (
            <Button variant="default" renderRoot={props => <Link {...props} to={to.run(run)} />}>
              Look at the run
            </Button>
          )}
          <Button renderRoot={props => <Link {...props} to="/waiting" />}>To what waits</Button>
        </>
      }
    >
      {sentence(fault.message)}
      {refused && fault.hint && ` ${sentence(fault.hint)}`}
    </Empty>
  )
}
