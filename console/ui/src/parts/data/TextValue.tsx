import { useMemo, useState } from 'react'
import styles from './data.module.css'
import { cut, isHTML, textOfHTML } from './text'

/** A text: cut where it is long, HTML as its reader would read it. */
export function TextValue({ text }: { text: string }) {
  const html = useMemo(() => isHTML(text), [text])
  const [written, setWritten] = useState(false)
  const [all, setAll] = useState(false)
  const shown = useMemo(() => (html && !written ? textOfHTML(text) : text), [text, html, written])
  const long = shown.length > cut * 1.5
  const lines = shown.includes('\n')
  if (text === '') return <span className={styles.null}>empty text</span>
  return (
    <>
      <span className={styles.text}>
        {!lines && !html && '“'}
        {long && !all ? shown.slice(0, cut) : shown}
        {!lines && !html && !(long && !all) && '”'}
      </span>
      {(long || html) && (
        <span>
          {' '}
          {long && (
            <button type="button" tabIndex={-1} className={styles.more} onClick={() => setAll(!all)}>
              {all ? 'show less' : `… show all (${shown.length.toLocaleString('en-GB')} characters)`}
            </button>
          )}{' '}
          {html && (
            <button type="button" tabIndex={-1} className={styles.more} onClick={() => setWritten(!written)}>
              {written ? 'as a reader sees it' : 'as HTML'}
            </button>
          )}
        </span>
      )}
    </>
  )
}
