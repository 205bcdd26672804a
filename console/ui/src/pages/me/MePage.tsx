import { Page } from '~/parts/Page'

export function MePage() {
  return <Page title="Me" />
}
