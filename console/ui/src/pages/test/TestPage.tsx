import { Page } from '~/parts/Page'

export function TestPage() {
  return <Page title="Test" />
}
