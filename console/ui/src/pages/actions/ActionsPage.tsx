import { Page } from '~/parts/Page'

export function ActionsPage() {
  return <Page title="Actions" />
}
