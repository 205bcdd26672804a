import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from 'react-router'
import { cache } from '~/api/cache'
import { Told } from '~/parts/Told'
import { nonce } from './nonce'
import { router } from './routes'
import { readableText, theme } from './theme'

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
      deduplicateCssVariables={false}
      cssVariablesResolver={readableText}
    >
      <QueryClientProvider client={cache}>
        <RouterProvider router={router} />
        <Told />
      </QueryClientProvider>
    </MantineProvider>
  )
}
