import { Anchor, Badge, Group, Paper, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { IconAlertTriangle, IconChevronDown, IconChevronRight, IconFolder, IconPencil } from '@tabler/icons-react'
import { Link } from 'react-router'
import { to } from '~/parts/address'
import { List } from '~/parts/List'
import { Status } from '~/parts/Status'
import { When } from '~/parts/When'
import { TriggerMarks } from './TriggerMarks'
import type { Folder, Workflow } from './tree'

/** The folders, each with its workflows. Which are folded is kept in this browser; a search opens all. */
export function WorkflowTable({ top, open }: { top: Folder; open: boolean }) {
  const [folded, setFolded] = useLocalStorage<string[]>({ key: 'gantry.workflows.folded', defaultValue: [] })
  const toggle = (path: string) => setFolded(folded.includes(path) ? folded.filter(p => p !== path) : [...folded, path])
  return <FolderView folder={top} folded={open ? [] : folded} toggle={toggle} />
}

interface FolderProps {
  folder: Folder
  folded: string[]
  toggle: (path: string) => void
}

function FolderView({ folder, folded, toggle }: FolderProps) {
  const closed = folded.includes(folder.path)
  return (
    <Stack gap="xs">
      {folder.path && (
        <UnstyledButton onClick={() => toggle(folder.path)} aria-expanded={!closed} py={2}>
          <Group gap={6}>
            {closed ? <IconChevronRight size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
            <IconFolder size={18} stroke={1.6} aria-hidden />
            <Text fw={550} size="sm">
              {folder.path}
            </Text>
            <Text size="xs" className="g-quiet">
              {countOf(folder)}
            </Text>
          </Group>
        </UnstyledButton>
      )}
      {!closed && (
        <>
          {folder.workflows.length > 0 && (
            <Paper p={0} style={{ overflow: 'hidden' }}>
              <Rows workflows={folder.workflows} label={folder.path || 'Workflows at the top'} />
            </Paper>
          )}
          {folder.folders.map(f => (
            <FolderView key={f.path} folder={f} folded={folded} toggle={toggle} />
          ))}
        </>
      )}
    </Stack>
  )
}

function countOf(folder: Folder): number {
  return folder.workflows.length + folder.folders.reduce((n, f) => n + countOf(f), 0)
}

function Rows({ workflows, label }: { workflows: Workflow[]; label: string }) {
  return (
    <List
      label={label}
      rows={workflows}
      id={w => w.id}
      columns={[
        { label: 'Workflow', cell: w => <Name workflow={w} />, width: '36%' },
        { label: 'Last run', cell: w => <LastRun workflow={w} />, width: '20%' },
        { label: 'Triggers', cell: w => <TriggerMarks workflow={w} />, width: '24%' },
        { label: 'Changed', cell: w => <Changed workflow={w} />, width: '20%' },
      ]}
    />
  )
}

function Name({ workflow: w }: { workflow: Workflow }) {
  return (
    <Stack gap={2} align="flex-start">
      <Group gap={6}>
        <Anchor component={Link} to={to.workflow(w.id)} size="sm" fw={550}>
          {w.title || w.id.split('/').at(-1)}
        </Anchor>
        {w.broken && (
          <Badge color="red" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
            does not check
          </Badge>
        )}
        {w.draft && (
          <Tooltip label={`Draft by ${w.draft.by}`}>
            <Badge color="yellow" leftSection={<IconPencil size={12} aria-hidden />}>
              {w.draft_only ? 'draft only' : 'draft'}
            </Badge>
          </Tooltip>
        )}
        {(w.tags ?? []).map(t => (
          <Badge
            key={t}
            color="gray"
            component={Link}
            to={`/workflows?tag=${encodeURIComponent(t)}`}
            style={{ cursor: 'pointer' }}
          >
            {t}
          </Badge>
        ))}
      </Group>
      <Text size="xs" className="g-quiet g-mono" style={{ overflowWrap: 'anywhere' }}>
        {w.id}
      </Text>
      {w.broken && <Mistake broken={w.broken} />}
    </Stack>
  )
}

/** What is wrong with a file, in a line: the first of it. */
function Mistake({ broken }: { broken: NonNullable<Workflow['broken']> }) {
  const errors = (broken.diagnostics ?? []).filter(d => d.severity === 'error')
  const [first] = errors
  if (!first) return null
  return (
    <Text size="xs" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
      {first.line > 0 && `Line ${first.line}: `}
      {first.message}
      {errors.length > 1 && ` (and ${errors.length - 1} more)`}
    </Text>
  )
}

function LastRun({ workflow: w }: { workflow: Workflow }) {
  if (!w.last_run) return null
  return (
    <Group gap={8} wrap="nowrap">
      <Link to={to.run(w.last_run.id)} className="g-link" aria-label={`The last run, ${w.last_run.status}`}>
        <Status status={w.last_run.status} />
      </Link>
      <When at={w.last_run.created_at} size="xs" />
    </Group>
  )
}

function Changed({ workflow: w }: { workflow: Workflow }) {
  if (!w.changed) return null
  return (
    <Group gap={6} wrap="nowrap">
      <When at={w.changed.at} size="xs" />
      <Text size="xs" className="g-quiet" title={w.changed.comment} truncate>
        {w.changed.by || 'in the file'}
      </Text>
    </Group>
  )
}
