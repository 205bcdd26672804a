import { Page } from '~/parts/Page'

export function MappingPage() {
  return <Page title="Mapping" />
}
