import { Page } from '~/parts/Page'

export function IntegrationPage() {
  return <Page title="Integration" />
}
