/** A colour of the theme for small text, dark or light enough for WCAG AA also on its own lightest shade. */
export function ink(color: string): string {
  return `light-dark(color-mix(in srgb, var(--mantine-color-${color}-9) 70%, black), var(--mantine-color-${color}-2))`
}
