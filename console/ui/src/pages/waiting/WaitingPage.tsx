import { Page } from '~/parts/Page'

export function WaitingPage() {
  return <Page title="Waiting" />
}
