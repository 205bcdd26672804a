import { FileInput, type FileInputProps } from '@mantine/core'

type ChooseProps = Pick<FileInputProps<false>, 'label' | 'description' | 'accept' | 'value' | 'onChange'>

/** Chooses a file; also the same one once more, when it was changed. */
export function ChooseFile(props: ChooseProps) {
  return (
    <FileInput
      {...props}
      placeholder="Choose a file"
      styles={{ placeholder: { color: 'var(--g-quiet)' } }}
      fileInputProps={{
        onClick: event => {
          event.currentTarget.value = ''
        },
      }}
    />
  )
}
