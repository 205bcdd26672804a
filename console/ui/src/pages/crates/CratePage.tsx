import { Page } from '~/parts/Page'

export function CratePage() {
  return <Page title="Crate" />
}
