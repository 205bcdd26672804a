import { Page } from '~/parts/Page'

export function ActionPage() {
  return <Page title="Action" />
}
