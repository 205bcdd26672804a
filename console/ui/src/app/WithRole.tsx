import { lazy, type ReactNode, Suspense } from 'react'
import { useLocation } from 'react-router'
import { later } from './later'
import { useSession } from './session'

const NoRole = lazy(async () => ({ default: (await later(() => import('./NoRole'))).NoRole }))

/** Shows pages to those who have a role; everybody has an account of their own. */
export function WithRole({ children }: { children: ReactNode }) {
  const { mayAnywhere } = useSession()
  const { pathname } = useLocation()
  if (mayAnywhere('viewer') || pathname === '/me') return children
  return (
    <Suspense>
      <NoRole />
    </Suspense>
  )
}
