import {
  ActionIcon,
  AppShell,
  Avatar,
  Badge,
  Burger,
  Group,
  Menu,
  NavLink,
  ScrollArea,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconBolt,
  IconBook2,
  IconBuilding,
  IconCloudOff,
  IconDeviceDesktop,
  IconHome,
  IconLogout,
  IconMessageQuestion,
  IconMoon,
  IconPackage,
  IconPlayerPlay,
  IconPlug,
  IconRoute,
  IconSettings,
  IconShieldCheck,
  IconSun,
  IconUser,
  IconUsers,
} from '@tabler/icons-react'
import { type ReactNode, useEffect } from 'react'
import { Link, NavLink as RouterLink, useLocation, useNavigation } from 'react-router'
import { cache } from '~/api/cache'
import { api, query } from '~/api/client'
import { useLive } from '~/api/live'
import { tell } from '~/parts/tell'
import { type Role, useSession } from './session'

interface Entry {
  to: string
  label: string
  icon: typeof IconHome
  /** The role that is needed over the MSP to see it. */
  needs?: Role
}

const entries: Entry[] = [
  { to: '/', label: 'Home', icon: IconHome },
  { to: '/workflows', label: 'Workflows', icon: IconRoute },
  { to: '/runs', label: 'Runs', icon: IconPlayerPlay },
  { to: '/triggers', label: 'Triggers', icon: IconBolt },
  { to: '/waiting', label: 'Waiting for you', icon: IconMessageQuestion },
  { to: '/organisations', label: 'Organisations', icon: IconBuilding },
  { to: '/integrations', label: 'Integrations', icon: IconPlug },
  { to: '/actions', label: 'Actions', icon: IconBook2 },
  { to: '/crates', label: 'Crates', icon: IconPackage },
  { to: '/audit', label: 'Audit', icon: IconShieldCheck, needs: 'admin' },
  { to: '/users', label: 'Users and roles', icon: IconUsers, needs: 'admin' },
  { to: '/settings', label: 'Settings', icon: IconSettings, needs: 'admin' },
]

/** What stands around every page: the way to all the others, and who is signed in. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  const busy = useNavigation().state !== 'idle'
  const live = useLive()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes whenever another page is opened
  useEffect(close, [pathname])
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a className="g-skip" href="#content">
        To the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label="Pages"
            aria-expanded={opened}
          />
          <Group
            component={Link}
            renderRoot={props => <Link {...props} to="/" />}
            gap={8}
            wrap="nowrap"
            c="inherit"
            td="none"
          >
            <img src="/gantry.svg" width={26} height={26} alt="" />
            <Text fw={650} size="lg">
              Gantry
            </Text>
          </Group>
          <SandboxBadge />
          <Group ml="auto" gap="xs" wrap="nowrap">
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
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Pages">
        <ScrollArea type="auto" p="xs">
          <Pages />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main id="content" aria-busy={busy}>
        {children}
      </AppShell.Main>
    </AppShell>
  )
}

function Pages() {
  const { mayEverywhere } = useSession()
  const { pathname } = useLocation()
  const asks = query.useQuery('get', '/asks')
  const open = asks.data?.asks?.length ?? 0
  return entries
    .filter(e => !e.needs || mayEverywhere(e.needs))
    .map(e => (
      <NavLink
        key={e.to}
        renderRoot={props => <RouterLink {...props} to={e.to} end={e.to === '/'} />}
        label={e.label}
        leftSection={<e.icon size={18} stroke={1.6} aria-hidden />}
        rightSection={
          e.to === '/waiting' && open > 0 ? (
            <Badge size="sm" variant="filled" color="orange.8">
              {open}
            </Badge>
          ) : null
        }
        active={
          e.to === '/'
            ? pathname === '/'
            : pathname === e.to ||
              pathname.startsWith(`${e.to}/`) ||
              (e.to === '/workflows' && pathname.startsWith('/test/'))
        }
      />
    ))
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

const schemes = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon }

function SchemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const next = { auto: 'light', light: 'dark', dark: 'auto' } as const
  const Icon = schemes[colorScheme]
  const label = { auto: 'Colours as this device has them', light: 'Light colours', dark: 'Dark colours' }[colorScheme]
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`${label}; change`}
        onClick={() => setColorScheme(next[colorScheme])}
      >
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

function Account() {
  const { me } = useSession()
  const signOut = async () => {
    await api.POST('/sign-out').catch(tell.failure)
    cache.clear()
    window.location.assign('/')
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" radius="xl" size="lg" aria-label={`Your account: ${me.name}`}>
          <Avatar name={me.name} color="initials" size={30} alt="" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          {me.user?.login && me.user.login !== me.name ? ` · ${me.user.login}` : ''}
        </Menu.Label>
        <Menu.Item component={Link} to="/me" leftSection={<IconUser size={16} />}>
          Your account and tokens
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
