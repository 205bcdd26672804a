import { ActionIcon, Button, Group, Switch, Text, Tooltip } from '@mantine/core'
import { IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { fine } from './words'

interface GanttToolsProps {
  zoom: number
  onZoom: (zoom: number) => void
  /** Whether long waits are drawn short; undefined: there are none. */
  short?: boolean
  onShort: (short: boolean) => void
  /** How long all of it took, in milliseconds. */
  whole: number
}

/** How closely the timeline is looked at. */
export function GanttTools({ zoom, onZoom, short, onShort, whole }: GanttToolsProps) {
  return (
    <Group gap="xs" justify="space-between">
      <Group gap="xs">
        <Tooltip label="Closer">
          <ActionIcon variant="default" aria-label="Closer" onClick={() => onZoom(zoomed(zoom, true))}>
            <IconZoomIn size={16} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Further away">
          <ActionIcon
            variant="default"
            aria-label="Further away"
            disabled={zoom === 1}
            onClick={() => onZoom(zoomed(zoom, false))}
          >
            <IconZoomOut size={16} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Button size="compact-sm" variant="default" disabled={zoom === 1} onClick={() => onZoom(1)}>
          Fit
        </Button>
        {short !== undefined && (
          <Switch
            size="xs"
            label="Draw long waits short"
            checked={short}
            onChange={event => onShort(event.currentTarget.checked)}
          />
        )}
      </Group>
      <Text size="xs" className="g-quiet">
        {fine(whole)} in all
      </Text>
    </Group>
  )
}

export function zoomed(zoom: number, closer: boolean): number {
  return Math.min(64, Math.max(1, closer ? zoom * 1.6 : zoom / 1.6))
}
