import { Page } from '~/parts/Page'

export function AskPage() {
  return <Page title="Ask" />
}
