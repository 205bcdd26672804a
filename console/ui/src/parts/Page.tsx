import { Anchor, Breadcrumbs, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { Problem } from './Problem'

interface Crumb {
  to: string
  label: string
}

interface PageProps {
  title: string
  /** A sentence or two on what this page is for. */
  about?: ReactNode
  above?: Crumb[]
  /** Buttons at the right of the title. */
  actions?: ReactNode
  /** Beside the title, such as a status. */
  beside?: ReactNode
  children?: ReactNode
}

/** A page: its title, also the window's, the way up, and what can be done. */
export function Page({ title, about, above, actions, beside, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Gantry`
  }, [title])
  // Whoever reads with a screen reader is told that another page is there.
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <Stack gap="md" component="article">
      <Stack gap={4} component="header">
        {above && (
          <Breadcrumbs component="nav" aria-label="Where this is" fz="sm">
            {above.map(c => (
              <Anchor key={c.to} component={Link} to={c.to} fz="sm">
                {c.label}
              </Anchor>
            ))}
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="center" gap="sm">
          <Group gap="sm" wrap="wrap">
            <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {beside}
          </Group>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {about && (
          <Text className="g-quiet" size="sm" maw={760} component="div">
            {about}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  )
}

interface Asked<T> {
  data: T | undefined
  error: unknown
  isPending: boolean
  refetch: () => unknown
}

/** Shows what was asked for when it is there; before that that it comes, or why it does not. */
export function Loaded<T>({
  of,
  lines = 6,
  children,
}: {
  of: Asked<T>
  lines?: number
  children: (data: T) => ReactNode
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>
  if (of.isPending) return <Coming lines={lines} />
  return <Problem error={of.error} retry={() => void of.refetch()} />
}

/** Stands in for what is on its way. */
export function Coming({ lines = 6 }: { lines?: number }) {
  return (
    <Stack gap="xs" role="status" aria-label="One moment">
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <Skeleton key={i} h={22} w={`${96 - ((i * 17) % 40)}%`} />
      ))}
    </Stack>
  )
}
