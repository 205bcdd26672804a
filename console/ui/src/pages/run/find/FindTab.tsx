import { Loader, Paper, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useAddress } from '~/parts/address'
import { Problem } from '~/parts/Problem'
import { type Stage, useFound } from '../asked'
import { FoundList } from './FoundList'
import { counted, least } from './found'

/** Finds a text in everything that the run was given, did and gave. */
export function FindTab({ stage }: { stage: Stage }) {
  const [text, setText] = useAddress('find')
  const [sought] = useDebouncedValue(text.trim(), 250)
  const asked = useFound(stage, sought, sought.length >= least)
  const found = sought.length >= least ? asked.data : undefined
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        aria-label="Find in this run"
        placeholder="A ticket's number, a name, a part of an error …"
        description="Looks in inputs, results, errors, published values, requests and outputs. What is masked is not found."
        inputWrapperOrder={['input', 'description']}
        leftSection={asked.isFetching ? <Loader size={14} /> : <IconSearch size={16} aria-hidden />}
        maxLength={200}
        maw={560}
        value={text}
        onChange={e => setText(e.currentTarget.value)}
      />
      <Problem error={asked.error} />
      <Text size="sm" className="g-quiet" role="status">
        {found && counted(found)}
      </Text>
      {found?.problem && (
        <Text size="sm">
          What tasks were given and what was published was not looked through: {found.problem.message}.
        </Text>
      )}
      {found?.matches && found.matches.length > 0 && (
        <Paper p={0}>
          <FoundList matches={found.matches} sought={sought} />
        </Paper>
      )}
    </Stack>
  )
}
