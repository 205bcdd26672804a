import { expect, test } from 'vitest'
import { startedBy } from './words'

test.each([
  [{ trigger_type: 'always_pass', trigger: 'by hand' }, 'By hand'],
  [{ trigger_type: 'always_pass', trigger: 'for a client' }, 'By hand: for a client'],
  [{ trigger_type: 'schedule', trigger: 'every evening' }, 'Schedule: every evening'],
  [{ trigger_type: '', trigger: '' }, 'By hand'],
  [{ trigger_type: 'workflow', trigger: 'examples/sub-workflow', parent: '1' }, 'examples/sub-workflow'],
  [{ trigger_type: 'on_failure', trigger: 'halo/new-client', parent: '1' }, 'failure of halo/new-client'],
])('%j is %s', (run, told) => expect(startedBy(run)).toBe(told))
