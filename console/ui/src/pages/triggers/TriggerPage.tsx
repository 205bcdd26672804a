import { Page } from '~/parts/Page'

export function TriggerPage() {
  return <Page title="Trigger" />
}
