import { Modal } from '@mantine/core'
import { IconHelpCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { AllowedButton } from '~/parts/Allowed'
import { type Lost, nameOf } from '../lost'
import { ResolveForm } from './ResolveForm'

interface ResolveButtonProps {
  run: string
  write: Lost
  label: string
}

/** Lets somebody say what became of a write whose answer was lost, or something else than has been said of it. */
export function ResolveButton({ run, write, label }: ResolveButtonProps) {
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <AllowedButton
        needs="operator"
        everywhere={false}
        size="xs"
        variant={write.said ? 'default' : 'filled'}
        leftSection={<IconHelpCircle size={16} stroke={1.6} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {label}
      </AllowedButton>
      <Modal
        closeButtonProps={{ 'aria-label': 'Close' }}
        opened={open}
        onClose={close}
        title={`Was ${nameOf(write)} done?`}
      >
        {open && <ResolveForm run={run} write={write} onClose={close} />}
      </Modal>
    </>
  )
}
