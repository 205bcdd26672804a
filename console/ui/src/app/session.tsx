import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { query, type Schemas } from '~/api/client'
import { asFault } from '~/api/fault'
import { FirstSteps, SignInPage } from '~/pages/sign-in/SignInPage'
import { Problem } from '~/parts/Problem'
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
  if (session) return <SessionContext value={session}>{children}</SessionContext>
  if (ways.data?.set_up) return <FirstSteps />
  if (me.isPending || ways.isPending) return <Splash />
  const fault = asFault(me.error)
  if (fault.status === 401 && ways.data) return <SignInPage ways={ways.data} />
  return (
    <Splash>
      <Problem error={me.error ?? ways.error} retry={() => void me.refetch()} />
    </Splash>
  )
}
