import { Badge } from '@mantine/core'
import {
  IconBolt,
  IconBook2,
  IconBuilding,
  IconHome,
  IconMessageQuestion,
  IconPackage,
  IconPlayerPlay,
  IconPlug,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconUsers,
} from '@tabler/icons-react'
import { Link, useLocation } from 'react-router'
import { query } from '~/api/client'
import { type Role, useSession } from './session'

interface Entry {
  to: string
  label: string
  icon: typeof IconHome
  /** The role that is needed over some organisation to see it; a viewer's where it is left out. */
  needs?: Role
  /** The role is needed over the MSP. */
  everywhere?: boolean
  /** Other addresses that belong to it. */
  also?: string
}

const entries: Entry[] = [
  { to: '/', label: 'Home', icon: IconHome },
  { to: '/workflows', label: 'Workflows', icon: IconRoute, also: '/test' },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay },
  { to: '/triggers', label: 'Triggers', icon: IconBolt },
  { to: '/waiting', label: 'Waiting for you', icon: IconMessageQuestion },
  { to: '/organisations', label: 'Organisations', icon: IconBuilding },
  { to: '/integrations', label: 'Integrations', icon: IconPlug },
  { to: '/actions', label: 'Actions', icon: IconBook2 },
  { to: '/crates', label: 'Crates', icon: IconPackage },
  { to: '/audit', label: 'Audit', icon: IconShieldCheck, needs: 'admin' },
  { to: '/users', label: 'Users and roles', icon: IconUsers, needs: 'admin' },
  { to: '/settings', label: 'Settings', icon: IconSettings, needs: 'admin', everywhere: true },
]

/** The pages there are, for whom they are. */
export function Pages() {
  const { mayEverywhere, mayAnywhere } = useSession()
  const { pathname } = useLocation()
  return (
    <ul>
      {entries
        .filter(e => (e.everywhere ? mayEverywhere : mayAnywhere)(e.needs ?? 'viewer'))
        .map(e => (
          <li key={e.to}>
            <Link to={e.to} className="g-page" aria-current={shows(pathname, e) ? 'page' : undefined}>
              <e.icon size={18} stroke={1.6} aria-hidden />
              {e.label}
              {e.to === '/waiting' && <OpenQuestions />}
            </Link>
          </li>
        ))}
    </ul>
  )
}

function shows(pathname: string, e: Entry): boolean {
  const begins = (path: string) => pathname === path || pathname.startsWith(`${path}/`)
  return e.to === '/' ? pathname === '/' : begins(e.to) || (e.also !== undefined && begins(e.also))
}

function OpenQuestions() {
  const asks = query.useQuery('get', '/asks')
  const open = asks.data?.asks?.filter(a => a.may_answer).length ?? 0
  if (open === 0) return null
  return (
    <Badge size="sm" variant="filled" color="orange.9" ml="auto">
      {open}
    </Badge>
  )
}
