import {
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Paper,
  Tooltip,
} from '@mantine/core'

const gantry: MantineColorsTuple = [
  '#e8f3fd',
  '#d3e4f5',
  '#a5c8ea',
  '#74a9df',
  '#4d8fd6',
  '#367fd1',
  '#2876cf',
  '#1864b8',
  '#0e59a5',
  '#004c91',
]

/** A theme's colour for text on a light tint of itself, with the contrast that WCAG AA asks for. */
function readable(color: string | undefined): string {
  const name = (color ?? 'gantry').split('.')[0]
  return `light-dark(color-mix(in srgb, var(--mantine-color-${name}-9), black 30%), var(--mantine-color-${name}-2))`
}

/** How Gantry looks: quiet surfaces, one blue, small corners, dense tables. */
export const theme = createTheme({
  primaryColor: 'gantry',
  primaryShade: { light: 7, dark: 7 },
  colors: { gantry },
  autoContrast: true,
  defaultRadius: 'md',
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Code', 'JetBrains Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.5rem' }, h2: { fontSize: '1.15rem' }, h3: { fontSize: '1rem' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: {
      vars: (_: unknown, props: { color?: string }) => ({ root: { '--alert-color': readable(props.color) } }),
    },
    Badge: Badge.extend({
      defaultProps: { radius: 'sm', variant: 'light' },
      styles: { label: { textTransform: 'none', fontWeight: 550 } },
      vars: (_, props) => ({ root: props.variant === 'light' ? { '--badge-color': readable(props.color) } : {} }),
    }),
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Paper: Paper.extend({ defaultProps: { withBorder: true, p: 'md' } }),
    // Dialogues are made of papers, and have a padding of their own.
    ModalContent: { defaultProps: { p: 0 } },
    DrawerContent: { defaultProps: { p: 0 } },
    Modal: { defaultProps: { centered: true, size: 'lg', closeButtonProps: { 'aria-label': 'Close' } } },
    Table: { defaultProps: { verticalSpacing: 'xs', highlightOnHover: true } },
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } },
    }),
  },
})

/** Where Mantine's colours of text are too pale for WCAG AA. */
export const readableText: CSSVariablesResolver = theme => ({
  variables: {},
  light: { '--mantine-color-dimmed': theme.colors.gray[7], '--mantine-color-placeholder': '#6a7178' },
  dark: {
    '--mantine-color-dimmed': theme.colors.dark[1],
    '--mantine-color-placeholder': theme.colors.dark[2],
    '--mantine-color-anchor': theme.colors.gantry?.[3] ?? theme.colors.blue[3],
  },
})
