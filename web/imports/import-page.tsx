/** Rides that were recorded elsewhere come in as files. */
import { useEffect, useId, useRef, useState } from 'react'
import { useApp } from '../app/app.ts'
import { useTitle } from '../app/page.tsx'
import { useCell } from '../state/use-cell.ts'
import { ImportRow } from './import-row.tsx'
import { isUnderWay, summaryInWords } from './import-words.ts'
import { importsOf } from './imports-of.ts'

const kinds = '.gpx,.tcx,.fit,.gz,.GPX,.TCX,.FIT,.GZ'

export function ImportPage() {
  useTitle('Import')
  const app = useApp()
  const imports = importsOf(app)
  const files = useCell(imports.files)
  const [isOver, setOver] = useState(false)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const isRunning = isUnderWay(files)
  const failed = files.filter(({ state }) => state.status === 'failed').length
  const summary = summaryInWords(files)

  // Said once, when all is done.
  const wasRunning = useRef(false)
  useEffect(() => {
    if (wasRunning.current && !isRunning) app.announcements.say(`${summary}.`)
    wasRunning.current = isRunning
  }, [isRunning, summary, app])

  return (
    <article className="import">
      <h1>Import rides</h1>
      <p className="import-about" id={`${id}-about`}>
        Files of a bike computer, a watch or another service: GPX, TCX or FIT, also packed by gzip, up to 25
        MB each. A file that was imported before is not imported twice. Only you see imported rides, until you
        share them.
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files are dropped on it; the button in it does the same */}
      <div
        className="import-drop"
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          imports.add(event.dataTransfer.files)
        }}
      >
        <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">
          <path d="M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3" />
        </svg>
        {/* Where there is a pointer that can carry them. */}
        <p className="import-drop-words">Drop files here, or</p>
        <input
          ref={input}
          id={`${id}-files`}
          type="file"
          multiple
          accept={kinds}
          className="visually-hidden"
          tabIndex={-1}
          aria-label="Files to import"
          onChange={({ target }) => {
            imports.add(target.files ?? [])
            // The same file may be chosen again.
            target.value = ''
          }}
        />
        <button
          type="button"
          className="button button-main"
          aria-describedby={`${id}-about`}
          onClick={() => input.current?.click()}
        >
          Choose files
        </button>
      </div>
      {files.length > 0 && (
        <section className="import-results" aria-label="Files">
          <div className="import-head">
            <h2 data-testid="import-summary">{summary}</h2>
            {failed > 0 && (
              <button type="button" className="button button-small" onClick={imports.retryFailed}>
                {failed === 1 ? 'Try it again' : `Try ${failed} again`}
              </button>
            )}
            {!isRunning && (
              <button type="button" className="button button-small" onClick={imports.clear}>
                Clear the list
              </button>
            )}
          </div>
          {isRunning && (
            <p className="note">You can look at other pages meanwhile, but leave this window open.</p>
          )}
          <ul className="import-list">
            {files.map((file) => (
              <ImportRow
                key={file.id}
                file={file}
                retry={() => imports.retry(file.id)}
                importAllTheSame={() => imports.importAllTheSame(file.id)}
              />
            ))}
          </ul>
        </section>
      )}
    </article>
  )
}
