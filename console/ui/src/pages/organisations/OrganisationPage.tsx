import { Page } from '~/parts/Page'

export function OrganisationPage() {
  return <Page title="Organisation" />
}
