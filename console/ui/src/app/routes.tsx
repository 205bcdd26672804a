import { createBrowserRouter, Outlet, type RouteObject, ScrollRestoration } from 'react-router'
import { ConfirmProvider } from '~/parts/Confirm'
import { Broken } from './Broken'
import { later } from './later'
import { Shell } from './Shell'
import { SignedIn } from './session'
import { WithRole } from './WithRole'

// Each page is a file of its own that is loaded when it is first opened: the first page comes fast.
const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('~/pages/home/HomePage')).HomePage }) },
  {
    path: 'workflows',
    lazy: async () => ({ Component: (await later(() => import('~/pages/workflows/WorkflowsPage'))).WorkflowsPage }),
  },
  {
    path: 'workflows/*',
    lazy: async () => ({ Component: (await later(() => import('~/pages/workflow/WorkflowPage'))).WorkflowPage }),
  },
  { path: 'test/*', lazy: async () => ({ Component: (await later(() => import('~/pages/test/TestPage'))).TestPage }) },
  { path: 'runs', lazy: async () => ({ Component: (await later(() => import('~/pages/runs/RunsPage'))).RunsPage }) },
  { path: 'runs/:run', lazy: async () => ({ Component: (await later(() => import('~/pages/run/RunPage'))).RunPage }) },
  {
    path: 'organisations',
    lazy: async () => ({
      Component: (await later(() => import('~/pages/organisations/OrganisationsPage'))).OrganisationsPage,
    }),
  },
  {
    path: 'organisations/:org',
    lazy: async () => ({
      Component: (await later(() => import('~/pages/organisations/OrganisationPage'))).OrganisationPage,
    }),
  },
  {
    path: 'integrations',
    lazy: async () => ({
      Component: (await later(() => import('~/pages/integrations/IntegrationsPage'))).IntegrationsPage,
    }),
  },
  {
    path: 'integrations/:integration',
    lazy: async () => ({
      Component: (await later(() => import('~/pages/integrations/IntegrationPage'))).IntegrationPage,
    }),
  },
  {
    path: 'integrations/:integration/mapping',
    lazy: async () => ({ Component: (await later(() => import('~/pages/integrations/MappingPage'))).MappingPage }),
  },
  {
    path: 'triggers',
    lazy: async () => ({ Component: (await later(() => import('~/pages/triggers/TriggersPage'))).TriggersPage }),
  },
  {
    path: 'triggers/*',
    lazy: async () => ({ Component: (await later(() => import('~/pages/triggers/TriggerPage'))).TriggerPage }),
  },
  {
    path: 'waiting',
    lazy: async () => ({ Component: (await later(() => import('~/pages/waiting/WaitingPage'))).WaitingPage }),
  },
  {
    path: 'waiting/:run/:task',
    lazy: async () => ({ Component: (await later(() => import('~/pages/waiting/AskPage'))).AskPage }),
  },
  {
    path: 'actions',
    lazy: async () => ({ Component: (await later(() => import('~/pages/actions/ActionsPage'))).ActionsPage }),
  },
  {
    path: 'actions/:action',
    lazy: async () => ({ Component: (await later(() => import('~/pages/actions/ActionPage'))).ActionPage }),
  },
  {
    path: 'crates',
    lazy: async () => ({ Component: (await later(() => import('~/pages/crates/CratesPage'))).CratesPage }),
  },
  {
    path: 'crates/:crate',
    lazy: async () => ({ Component: (await later(() => import('~/pages/crates/CratePage'))).CratePage }),
  },
  {
    path: 'audit',
    lazy: async () => ({ Component: (await later(() => import('~/pages/audit/AuditPage'))).AuditPage }),
  },
  {
    path: 'users',
    lazy: async () => ({ Component: (await later(() => import('~/pages/users/UsersPage'))).UsersPage }),
  },
  {
    path: 'users/:user',
    lazy: async () => ({ Component: (await later(() => import('~/pages/users/UserPage'))).UserPage }),
  },
  {
    path: 'settings',
    lazy: async () => ({ Component: (await later(() => import('~/pages/settings/SettingsPage'))).SettingsPage }),
  },
  { path: 'me', lazy: async () => ({ Component: (await later(() => import('~/pages/me/MePage'))).MePage }) },
  { path: '*', lazy: async () => ({ Component: (await later(() => import('~/pages/NotFound'))).NotFound }) },
]

function Frame() {
  return (
    <SignedIn>
      <ConfirmProvider>
        <Shell>
          <WithRole>
            <Outlet />
          </WithRole>
        </Shell>
      </ConfirmProvider>
      <ScrollRestoration />
    </SignedIn>
  )
}

export const router = createBrowserRouter([
  {
    path: '/set-up',
    ErrorBoundary: Broken,
    lazy: async () => ({ Component: (await later(() => import('~/pages/sign-in/SetUpPage'))).SetUpPage }),
  },
  {
    path: '/',
    Component: Frame,
    ErrorBoundary: Broken,
    HydrateFallback: () => null,
    children: [{ ErrorBoundary: Broken, children: pages }],
  },
])
