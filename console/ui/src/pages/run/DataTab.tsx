import { Anchor, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { DataView } from '~/parts/DataView'
import { Loaded } from '~/parts/Page'
import { type Stage, useContextOf, useTimeline } from './asked'
import { PublishedValues } from './PublishedValues'
import { usePlace } from './place'
import type { Run } from './run'

/** What went into a run, what came out, and what was published on the way. */
export function DataTab({ run, stage }: { run: Run; stage: Stage }) {
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Values title="Inputs" value={run.inputs} path="inputs" nothing="It was started without inputs." />
        <Values
          title="Outputs"
          value={run.outputs}
          path=""
          nothing={run.finished_at ? 'The workflow declares no outputs.' : 'There are outputs when it has ended.'}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Published stage={stage} />
        <Merged stage={stage} />
      </SimpleGrid>
    </Stack>
  )
}

interface ValuesProps {
  title: string
  value: unknown
  path: string
  nothing: string
}

function Values({ title, value, path, nothing }: ValuesProps) {
  const empty = value === null || value === undefined || Object.keys(value).length === 0
  return (
    <Paper component="section" aria-label={title} miw={0}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {empty ? (
        <Text size="sm" className="g-quiet">
          {nothing}
        </Text>
      ) : (
        <DataView value={value} label={title} path={path} />
      )}
    </Paper>
  )
}

const most = 100

/** The published values one after the other, as they were at each point. */
function Published({ stage }: { stage: Stage }) {
  const [, go] = usePlace()
  const timeline = useTimeline(stage)
  return (
    <Paper component="section" aria-label="Published one after the other" miw={0}>
      <Title order={2} mb="xs">
        Published, one after the other
      </Title>
      <Loaded of={timeline}>
        {told => (
          <Stack gap="md">
            {told.problem && <Text size="sm">{told.problem.message}</Text>}
            {(told.published ?? []).slice(0, most).map(p => (
              <Stack key={`${p.seq} ${p.transition}`} gap={2}>
                <PublishedValues publication={p} />
                <Anchor
                  component="button"
                  type="button"
                  size="xs"
                  ta="left"
                  w="fit-content"
                  onClick={() =>
                    go({ tab: '', task: p.task, instance: String(p.instance), item: '', part: 'published' })
                  }
                >
                  Go to {p.task}
                </Anchor>
              </Stack>
            ))}
            {(told.published?.length ?? 0) > most && (
              <Text size="xs" className="g-quiet">
                {(told.published?.length ?? 0) - most} more: look at the tasks one by one.
              </Text>
            )}
            {(told.published?.length ?? 0) === 0 && (
              <Text size="sm" className="g-quiet">
                No transition has published anything. <code>publish</code> in a transition gives later tasks a value as{' '}
                <code>ctx.name</code>.
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
    </Paper>
  )
}

/** All branches that have ended, merged. */
function Merged({ stage }: { stage: Stage }) {
  const context = useContextOf(stage)
  return (
    <Paper component="section" aria-label="All of it together" miw={0}>
      <Title order={2} mb="xs">
        All of it together
      </Title>
      <Loaded of={context} lines={3}>
        {values =>
          values && Object.keys(values).length > 0 ? (
            <Stack gap={4}>
              <Text size="xs" className="g-quiet">
                Of all branches that have ended, as the outputs see it.
              </Text>
              <DataView value={values} label="Published values together" path="ctx" />
            </Stack>
          ) : (
            <Text size="sm" className="g-quiet">
              Nothing yet.
            </Text>
          )
        }
      </Loaded>
    </Paper>
  )
}
