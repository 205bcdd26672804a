import type { Way } from './shape'

const kinds: Way['kind'][] = ['success', 'failure', 'always', 'condition', 'trigger']

export const markOf = (kind: Way['kind']) => `g-arrow-${kind}`

/** The heads of the arrows, in the colours of the lines. */
export function Marks() {
  return (
    <svg width={0} height={0} aria-hidden style={{ position: 'absolute' }}>
      <defs>
        {kinds.map(kind => (
          <marker
            key={kind}
            id={markOf(kind)}
            viewBox="0 0 10 10"
            refX={9}
            refY={5}
            markerWidth={7}
            markerHeight={7}
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0 10 5 0 10z" className="g-arrow" data-kind={kind} />
          </marker>
        ))}
      </defs>
    </svg>
  )
}
