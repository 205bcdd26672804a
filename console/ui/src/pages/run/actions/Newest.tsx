import { Switch, Tooltip } from '@mantine/core'
import { useSession } from '~/app/session'
import type { Run } from '../run'

interface NewestProps {
  run: Run
  checked: boolean
  onChange: (newest: boolean) => void
}

/** The version is for people of the MSP to choose, as are inputs: tasks may reach the MSP's own systems. */
export function Newest({ run, checked, onChange }: NewestProps) {
  const msp = useSession().mayEverywhere('operator')
  return (
    <Tooltip disabled={msp} label="Another version is for people of the MSP to choose.">
      <div>
        <Switch
          label="With the workflow as it is now"
          description={`Off: with version ${run.version}, which the run has.`}
          checked={checked}
          disabled={!msp}
          onChange={event => onChange(event.currentTarget.checked)}
        />
      </div>
    </Tooltip>
  )
}
