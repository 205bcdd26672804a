import { createContext, lazy, type ReactNode, Suspense, useContext, useMemo } from 'react'
import { query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { Problem } from '~/parts/Problem'
import { later } from './later'
import { Splash } from './Splash'

export const roles = ['viewer', 'operator', 'author', 'admin'] as const
export type Role = (typeof roles)[number]

export type Me = Schemas['Me']

export interface Session {
  me: Me
  /** Whether the caller has the role over the MSP, and so over everybody. */
  mayEverywhere(role: Role): boolean
  /** Whether the caller has the role over any organisation. */
  mayAnywhere(role: Role): boolean
}

// Those who are signed in never load how to do that.
const SignInPage = lazy(async () => ({ default: (await later(() => import('~/pages/sign-in/SignInPage'))).SignInPage }))

const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('nobody is signed in')
  return session
}

const rank = (role: string) => roles.indexOf(role as Role)

function sessionOf(me: Me): Session {
  const grants = me.grants ?? []
  return {
    me,
    mayEverywhere: role => me.everything || (me.msp_role !== undefined && rank(me.msp_role) >= rank(role)),
    mayAnywhere: role => me.everything || grants.some(g => rank(g.role) >= rank(role)),
  }
}

/** Shows its children to those who are signed in, and everybody else how to sign in. */
export function SignedIn({ children }: { children: ReactNode }) {
  const ways = query.useQuery('get', '/sign-in')
  const me = query.useQuery('get', '/me', {}, { retry: false, staleTime: 60_000 })
  const session = useMemo(() => (me.data ? sessionOf(me.data) : null), [me.data])
  const out = me.error !== null && asFault(me.error).status === 401
  if (session && !out) return <SessionContext value={session}>{children}</SessionContext>
  if (me.isPending || ways.isPending) return <Splash />
  if (ways.data && (ways.data.set_up || out))
    return (
      <Suspense fallback={<Splash />}>
        <SignInPage ways={ways.data} ended={session !== null} />
      </Suspense>
    )
  return (
    <Splash>
      <Problem error={me.error ?? ways.error} retry={() => void me.refetch()} />
    </Splash>
  )
}
