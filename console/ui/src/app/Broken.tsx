import { Button, Container, Stack } from '@mantine/core'
import { useRouteError } from 'react-router'
import { asFault, Fault } from '~/api/fault'
import { Problem } from '~/parts/Problem'

/** What is shown in place of a page that broke: also when the server has a newer console than this tab. */
export function Broken() {
  const error = useRouteError()
  const outdated = error instanceof TypeError && /import|module/i.test(error.message)
  const shown = outdated
    ? new Fault(0, { code: 'outdated', message: 'Gantry was updated meanwhile.', hint: 'load the page again' })
    : error instanceof Fault
      ? error
      : new Fault(0, {
          code: 'internal',
          message: 'This page has a defect.',
          hint: `load it again; if that does not help, report this: ${asFault(error).hint ?? ''}`,
        })
  return (
    <Container component="section" py="xl">
      <Stack align="flex-start">
        <Problem error={shown} />
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Stack>
    </Container>
  )
}
