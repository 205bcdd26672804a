import { Badge, Group, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { IconRoute, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { query } from '~/api/client'
import { Loaded } from '~/parts/Page'
import { type Choice, choicesOf, fitting } from './choices'

const shownAtMost = 80

/** What a task can call, to be looked through. */
export function Catalogue({ workflow, choose }: { workflow: string; choose: (choice: Choice) => void }) {
  const [words, setWords] = useState('')
  const actions = query.useQuery('get', '/actions')
  const workflows = query.useQuery('get', '/workflows')
  const all = useMemo(
    () => choicesOf(actions.data?.actions ?? [], workflows.data?.workflows ?? [], workflow),
    [actions.data, workflows.data, workflow],
  )
  const found = useMemo(() => fitting(all, words), [all, words])
  const [first] = found
  return (
    <Stack>
      <TextInput
        aria-label="Search an action or a workflow"
        placeholder="What is it to do? Such as: close ticket, send mail, wait"
        leftSection={<IconSearch size={16} aria-hidden />}
        data-autofocus
        value={words}
        onChange={e => setWords(e.currentTarget.value)}
        onKeyDown={e => {
          if (e.key === 'Enter' && words && first) choose(first)
        }}
      />
      <Loaded of={actions}>
        {() => (
          <>
            <Text size="sm" className="g-quiet" role="status">
              {found.length > shownAtMost
                ? `The first ${shownAtMost} of ${found.length}; type a word to find others.`
                : `${found.length} found.`}
            </Text>
            <ScrollArea.Autosize mah={440} type="auto" viewportProps={{ tabIndex: -1 }}>
              <Stack gap={2} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                {found.slice(0, shownAtMost).map(choice => (
                  <li key={`${choice.kind}:${choice.id}`}>
                    <Line choice={choice} choose={() => choose(choice)} />
                  </li>
                ))}
              </Stack>
            </ScrollArea.Autosize>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

function Line({ choice, choose }: { choice: Choice; choose: () => void }) {
  return (
    <UnstyledButton className="g-choice" onClick={choose} w="100%" p="xs">
      <Group gap="xs" wrap="wrap">
        <Text fw={600} size="sm">
          {choice.title}
        </Text>
        <Text span className="g-mono g-quiet" size="sm">
          {choice.id}
        </Text>
        {choice.effect && (
          <Badge size="sm" variant="default">
            {choice.effect}
          </Badge>
        )}
        {choice.kind === 'workflow' && (
          <Badge size="sm" variant="default" leftSection={<IconRoute size={12} aria-hidden />}>
            workflow
          </Badge>
        )}
      </Group>
      <Text size="sm" className="g-quiet" lineClamp={2}>
        {choice.deprecated ? `Not for new tasks: ${choice.deprecated}` : choice.description}
      </Text>
    </UnstyledButton>
  )
}
