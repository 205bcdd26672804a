import { Page } from '~/parts/Page'

export function CratesPage() {
  return <Page title="Crates" />
}
