import { Page } from '~/parts/Page'

export function WorkflowsPage() {
  return <Page title="Workflows" />
}
