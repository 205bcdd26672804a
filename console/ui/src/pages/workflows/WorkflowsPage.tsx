import { Button, Code, Group, Select, TextInput } from '@mantine/core'
import { IconPlus, IconRoute, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import { query } from '~/api/client'
import { NewWorkflow } from '~/pages/workflow/NewWorkflow'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { Copy } from '~/parts/Copy'
import { Empty } from '~/parts/Empty'
import { Loaded, Page } from '~/parts/Page'
import { BrokenFiles } from './BrokenFiles'
import { fits, foldersOf, tagsOf, type Workflow } from './tree'
import { WorkflowTable } from './WorkflowTable'

/** All workflows, in the folders in which they lie. */
export function WorkflowsPage() {
  const workflows = query.useQuery('get', '/workflows', { params: { query: { last_run: true } } })
  const [adding, setAdding] = useState(false)
  return (
    <Page
      title="Workflows"
      about="Each is a YAML file below workflows/, and runs as it lies there. Edit them here, or with your own editor and git: both work at the same time."
      actions={
        <AllowedButton needs="author" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          New workflow
        </AllowedButton>
      }
    >
      <Loaded of={workflows}>
        {data => (
          <>
            <BrokenFiles broken={data.broken ?? []} />
            {data.workflows?.length ? <Found all={data.workflows} /> : <None />}
          </>
        )}
      </Loaded>
      <NewWorkflow opened={adding} close={() => setAdding(false)} />
    </Page>
  )
}

function None() {
  return (
    <Empty icon={IconRoute} title="No workflows yet">
      A workflow is a list of tasks and the ways between them. Begin with <b>New workflow</b>, or have examples to learn
      from put into the project:
      <Group justify="center" gap={4} mt="xs">
        <Code>gantry init . --force --examples</Code>
        <Copy text="gantry init . --force --examples" />
      </Group>
    </Empty>
  )
}

const kinds = [
  { value: 'failed', label: 'last run failed' },
  { value: 'broken', label: 'do not check' },
  { value: 'drafts', label: 'with a draft' },
  { value: 'triggered', label: 'with a trigger that is on' },
]

function Found({ all }: { all: Workflow[] }) {
  const [search, setSearch] = useAddress('search')
  const [tag, setTag] = useAddress('tag')
  const [only, setOnly] = useAddress('only')
  const tags = useMemo(() => tagsOf(all), [all])
  const shown = useMemo(() => all.filter(w => fits(w, { search, tag, only })), [all, search, tag, only])
  const top = useMemo(() => foldersOf(shown), [shown])
  const narrowed = search !== '' || tag !== '' || only !== ''
  return (
    <>
      <div className="g-filters">
        <TextInput
          className="g-whole"
          aria-label="Search workflows"
          placeholder="Search by name, title or text"
          leftSection={<IconSearch size={16} />}
          w={{ base: '100%', sm: 300 }}
          value={search}
          onChange={e => setSearch(e.currentTarget.value)}
        />
        {tags.length > 0 && (
          <Select
            aria-label="Tag"
            placeholder="all tags"
            clearable
            searchable
            data={tags}
            value={tag || null}
            onChange={setTag}
            w={160}
          />
        )}
        <Select
          aria-label="Only those"
          placeholder="all"
          clearable
          data={kinds}
          value={only || null}
          onChange={setOnly}
          w={220}
        />
        {narrowed && (
          <Button variant="subtle" size="xs" component={Link} to="/workflows">
            Show all {all.length}
          </Button>
        )}
      </div>
      <WorkflowTable top={top} open={narrowed} />
    </>
  )
}
