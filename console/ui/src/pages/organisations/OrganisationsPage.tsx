import { Page } from '~/parts/Page'

export function OrganisationsPage() {
  return <Page title="Organisations" />
}
