import { Page } from '~/parts/Page'

export function TriggersPage() {
  return <Page title="Triggers" />
}
