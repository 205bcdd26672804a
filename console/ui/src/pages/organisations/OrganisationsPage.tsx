import { Button, Group, Menu, MultiSelect, SegmentedControl, TextInput } from '@mantine/core'
import { IconChevronDown, IconDownload, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { base, query } from '~/api/client'
import { useSession } from '~/app/session'
import { AllowedButton } from '~/parts/Allowed'
import { useAddress } from '~/parts/address'
import { Loaded, Page } from '~/parts/Page'
import { ApplyFile } from './ApplyFile'
import { ImportFromSystem } from './ImportFromSystem'
import { ImportTable } from './ImportTable'
import { NewOrganisation } from './NewOrganisation'
import { OrganisationTree } from './OrganisationTree'
import { RemovedOrganisations } from './RemovedOrganisations'
import { tagsOf } from './tree'

/** All organisations, as a tree. */
export function OrganisationsPage() {
  const organisations = query.useQuery('get', '/organisations')
  const [search, setSearch] = useAddress('search')
  const [tags, setTags] = useAddress('tags')
  const [show, setShow] = useAddress('show', 'used')
  const [open, setOpen] = useAddress('open')
  const all = useMemo(() => organisations.data?.organisations ?? [], [organisations.data])
  const known = useMemo(() => tagsOf(all), [all])
  const wanted = useMemo(() => tags.split(',').filter(Boolean), [tags])
  const close = () => setOpen(null)
  return (
    <Page
      title="Organisations"
      about="The MSP and its clients below it. Everything that runs, runs for one of them, and reaches only what belongs to it or what is lent to it."
      actions={
        <>
          <ImportAndExport open={setOpen} />
          <AllowedButton
            needs="admin"
            everywhere={false}
            leftSection={<IconPlus size={16} stroke={1.6} aria-hidden />}
            onClick={() => setOpen('new')}
          >
            New organisation
          </AllowedButton>
        </>
      }
    >
      <Group gap="sm">
        <TextInput
          aria-label="Search an organisation"
          placeholder="Search name or slug"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={e => setSearch(e.currentTarget.value)}
          w={{ base: '100%', sm: 280 }}
        />
        {known.length > 0 && (
          <MultiSelect
            aria-label="Only with these tags"
            placeholder={wanted.length > 0 ? undefined : 'All tags'}
            data={known}
            value={wanted}
            onChange={next => setTags(next.join(','))}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'All tags' }}
            w={{ base: '100%', sm: 240 }}
          />
        )}
        <SegmentedControl
          aria-label="Which organisations are shown"
          size="xs"
          value={show}
          onChange={setShow}
          data={[
            { value: 'used', label: 'In use' },
            { value: 'removed', label: 'Removed' },
          ]}
        />
      </Group>
      {show === 'removed' ? (
        <RemovedOrganisations search={search} />
      ) : (
        <Loaded of={organisations} lines={10}>
          {() => <OrganisationTree all={all} search={search} tags={wanted} add={() => setOpen('new')} />}
        </Loaded>
      )}
      {open === 'new' && <NewOrganisation tags={known} close={close} />}
      {open === 'system' && <ImportFromSystem close={close} />}
      {open === 'csv' && <ImportTable close={close} />}
      {open === 'yaml' && <ApplyFile close={close} />}
    </Page>
  )
}

function ImportAndExport({ open }: { open: (what: string) => void }) {
  const { mayEverywhere } = useSession()
  if (!mayEverywhere('admin'))
    return (
      <AllowedButton needs="admin" variant="default">
        Import and export
      </AllowedButton>
    )
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={15} aria-hidden />}>
          Import and export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Import</Menu.Label>
        <Menu.Item leftSection={<IconUpload size={15} />} onClick={() => open('system')}>
          From HaloPSA or another integration
        </Menu.Item>
        <Menu.Item leftSection={<IconUpload size={15} />} onClick={() => open('csv')}>
          From a table (CSV)
        </Menu.Item>
        <Menu.Item leftSection={<IconUpload size={15} />} onClick={() => open('yaml')}>
          Apply a file (YAML)
        </Menu.Item>
        <Menu.Label>Export</Menu.Label>
        <Menu.Item
          component="a"
          href={`${base}/organisations.csv`}
          download="organisations.csv"
          leftSection={<IconDownload size={15} />}
        >
          As a table (CSV)
        </Menu.Item>
        <Menu.Item
          component="a"
          href={`${base}/organisations.yaml`}
          download="organisations.yaml"
          leftSection={<IconDownload size={15} />}
        >
          As a file to keep in git (YAML)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
