import { Page } from '~/parts/Page'

export function RunPage() {
  return <Page title="Run" />
}
