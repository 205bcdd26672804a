import { Box, Button, type ButtonProps, Tooltip } from '@mantine/core'
import type { MouseEventHandler, ReactNode } from 'react'
import { type Role, useSession } from '~/app/session'

interface AllowedButtonProps extends ButtonProps {
  /** The role that it needs. */
  needs: Role
  /** Whether the role is needed over the MSP (true where it is left out), or over some organisation. */
  everywhere?: boolean
  onClick?: MouseEventHandler<HTMLButtonElement>
  type?: 'button' | 'submit'
  children: ReactNode
}

/** A button that those who lack the role see, and cannot press; it says what they lack. */
export function AllowedButton({ needs, everywhere = true, children, ...rest }: AllowedButtonProps) {
  const session = useSession()
  if (everywhere ? session.mayEverywhere(needs) : session.mayAnywhere(needs))
    return <Button {...rest}>{children}</Button>
  return (
    <Tooltip
      label={`This needs the role ${needs}${everywhere ? ' over the MSP' : ''}. An administrator can give it to you.`}
    >
      <Box component="span" tabIndex={0} style={{ display: 'inline-block' }}>
        <Button {...rest} disabled>
          {children}
        </Button>
      </Box>
    </Tooltip>
  )
}
