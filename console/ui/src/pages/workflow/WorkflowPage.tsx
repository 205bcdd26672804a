import { Page } from '~/parts/Page'

export function WorkflowPage() {
  return <Page title="Workflow" />
}
