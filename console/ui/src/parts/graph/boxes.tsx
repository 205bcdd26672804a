import {
  IconArrowsJoin2,
  IconBolt,
  IconBuilding,
  IconClock,
  IconEye,
  IconFlag,
  IconFlask,
  IconListNumbers,
  IconPencil,
  IconPlayerPlay,
  IconRefresh,
  IconRepeat,
  IconRoute,
  IconTrash,
} from '@tabler/icons-react'
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { ink } from '~/parts/ink'
import { lookOf } from '~/parts/status'
import type { BoxNode, TaskState } from './flow'
import type { Mark } from './shape'

const markIcons: Record<Mark['kind'], typeof IconEye> = {
  start: IconPlayerPlay,
  join: IconArrowsJoin2,
  each: IconRepeat,
  retry: IconRefresh,
  timeout: IconClock,
  mock: IconFlask,
  first: IconListNumbers,
  org: IconBuilding,
}

const effects = {
  read: { icon: IconEye, text: 'reads' },
  write: { icon: IconPencil, text: 'writes' },
  delete: { icon: IconTrash, text: 'deletes' },
}

function Ends({ connectable }: { connectable: boolean }) {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={connectable} isConnectableStart={false} />
      <Handle type="source" position={Position.Bottom} isConnectable={connectable} isConnectableEnd={false} />
    </>
  )
}

function StateOf({ state }: { state: TaskState }) {
  const { label, color, icon: Glyph } = lookOf(state.status)
  return (
    <div className="g-task-state" style={{ color: ink(color) }}>
      <Glyph size={14} aria-hidden className={state.status === 'running' ? 'g-spin' : undefined} />
      <span>{state.text ? `${label} · ${state.text}` : label}</span>
      {state.progress !== undefined && (
        <progress max={1} value={state.progress} aria-label="Items done" style={{ accentColor: 'currentColor' }} />
      )}
    </div>
  )
}

export const TaskBox = memo(function TaskBox({ data, selected }: NodeProps<BoxNode>) {
  const { box, state, connectable } = data
  if (box.kind !== 'task') return null
  const { task, marks } = box
  const effect = task.effect && effects[task.effect]
  const calls = task.action ?? task.workflow ?? 'calls nothing'
  const ring = state ? `var(--mantine-color-${lookOf(state.status).color}-6)` : undefined
  return (
    <div
      className="g-task"
      data-selected={selected || undefined}
      data-effect={task.effect}
      data-mocked={task.mocked || undefined}
      style={{ width: box.width, height: box.height, borderColor: selected ? undefined : ring }}
    >
      <div className="g-task-name">
        <b title={task.title ?? task.name}>{task.title ?? task.name}</b>
        {state && <StateOf state={state} />}
      </div>
      <div className="g-task-calls">
        {task.workflow && <IconRoute size={13} aria-hidden />}
        <span title={calls}>{calls}</span>
        {effect && (
          <em data-effect={task.effect}>
            <effect.icon size={12} aria-hidden /> {effect.text}
          </em>
        )}
      </div>
      {marks.length > 0 && (
        <div className="g-task-marks">
          {marks.map(m => {
            const Glyph = markIcons[m.kind]
            return (
              <span key={m.kind} data-mark={m.kind}>
                <Glyph size={12} aria-hidden /> {m.text}
              </span>
            )
          })}
        </div>
      )}
      <Ends connectable={connectable} />
    </div>
  )
})

export const TriggerBox = memo(function TriggerBox({ data: { box } }: NodeProps<BoxNode>) {
  if (box.kind !== 'trigger') return null
  const { trigger } = box
  return (
    <div
      className="g-trigger"
      data-off={!trigger.enabled || undefined}
      style={{ width: box.width, height: box.height }}
    >
      <IconBolt size={16} aria-hidden />
      <div>
        <b title={trigger.name}>{trigger.name}</b>
        <span>{trigger.enabled ? trigger.type : `${trigger.type}, off`}</span>
      </div>
      <Ends connectable={false} />
    </div>
  )
})

export const StartBox = memo(function StartBox() {
  return (
    <div className="g-start">
      <Ends connectable={false} />
    </div>
  )
})

const words = { end: 'end', noop: 'noop', fail: 'fail' }

export const WordBox = memo(function WordBox({ data: { box } }: NodeProps<BoxNode>) {
  if (box.kind !== 'word') return null
  return (
    <div className="g-word" data-word={box.word} style={{ width: box.width, height: box.height }}>
      {box.word === 'fail' && <IconFlag size={12} aria-hidden />} {words[box.word]}
      <Ends connectable={false} />
    </div>
  )
})
