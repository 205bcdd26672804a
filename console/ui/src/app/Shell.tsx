import { ActionIcon, Badge, Burger, Group, Text, Tooltip, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCloudOff, IconDeviceDesktop, IconLogout, IconMoon, IconSun, IconUser } from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { Link, useLocation, useNavigation } from 'react-router'
import { cache } from '~/api/cache'
import { api, query } from '~/api/client'
import { useLive } from '~/api/live'
import { tell } from '~/parts/tell'
import { Pages } from './Pages'
import { useSession } from './session'

/** What stands around every page: the way to all the others, and who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  const busy = useNavigation().state !== 'idle'
  const live = useLive()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever another page is opened
  useEffect(close, [pathname])
  return (
    <div className="g-shell">
      <a className="g-skip" href="#content">
        To the content
      </a>
      <header className="g-header">
        <Burger
          opened={opened}
          onClick={toggle}
          hiddenFrom="sm"
          size="sm"
          aria-label="Pages"
          aria-expanded={opened}
          aria-controls="pages"
        />
        <Link to="/" className="g-brand">
          <img src="/gantry.svg" width={26} height={26} alt="" />
          <Text fw={650} size="lg" span>
            Gantry
          </Text>
        </Link>
        <SandboxBadge />
        <Group ml="auto" gap={4} wrap="nowrap">
          {!live && (
            <Tooltip label="The connection to the server is interrupted; it is tried again">
              <Badge color="orange" leftSection={<IconCloudOff size={14} />} role="status">
                not live
              </Badge>
            </Tooltip>
          )}
          <SchemeSwitch />
          <Account />
        </Group>
      </header>
      <nav
        id="pages"
        className="g-nav"
        data-opened={opened || undefined}
        aria-label="Pages"
        onKeyDown={e => e.key === 'Escape' && close()}
      >
        <Pages />
      </nav>
      <main id="content" className="g-main" aria-busy={busy}>
        {children}
      </main>
    </div>
  )
}

/** Says that nothing here is real. */
function SandboxBadge() {
  const server = query.useQuery('get', '/server', {}, { staleTime: Number.POSITIVE_INFINITY })
  if (!server.data?.sandbox) return null
  return (
    <Tooltip label="Simulated systems and organisations: nothing that is done here reaches anybody">
      <Badge color="grape" tabIndex={0}>
        Sandbox
      </Badge>
    </Tooltip>
  )
}

const schemes = {
  auto: { icon: IconDeviceDesktop, label: 'Colours as this device has them', next: 'light' },
  light: { icon: IconSun, label: 'Light colours', next: 'dark' },
  dark: { icon: IconMoon, label: 'Dark colours', next: 'auto' },
} as const

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { icon: Icon, label, next } = schemes[colorScheme]
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`${label}; change`}
        onClick={() => setColorScheme(next)}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

function Account() {
  const { me } = useSession()
  const signOut = async () => {
    try {
      await api.POST('/sign-out')
      cache.clear()
      window.location.assign('/')
    } catch (e) {
      tell.failure(e)
    }
  }
  return (
    <>
      <Tooltip label={me.name}>
        <ActionIcon
          component={Link}
          to="/me"
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Your account: ${me.name}`}
        >
          <IconUser size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Sign out">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Sign out" onClick={() => void signOut()}>
          <IconLogout size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}
