import { Center, Loader, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

/** A page without anything around it: while it is not known who is there, or when nothing answers. */
export function Splash({ children }: { children?: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack maw={480} w="100%" align="center">
        <img src="/gantry.svg" width={48} height={48} alt="Gantry" />
        {children ?? <Loader role="status" aria-label="One moment" />}
      </Stack>
    </Center>
  )
}
