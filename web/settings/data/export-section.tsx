/** Everything that there is of a rider, as a file: the browser fetches it, and says how far it has come. */
import { useState } from 'react'
import { useAnswer } from '../../graphql/use-answer.ts'
import { ownTotalsQuery } from './documents.ts'

/**
 * Of an hour that was recorded once a second, with sensors; the file packs it. Measured on 500 simulated rides: 672 hours with their
 * pauses came to 92 MB.
 */
const bytesOfAnHour = 137_000

export function ExportSection() {
  const { data } = useAnswer(ownTotalsQuery)
  const [isBegun, setBegun] = useState(false)
  const totals = data?.viewer?.totals ?? null
  return (
    <section aria-labelledby="export-heading">
      <h2 id="export-heading">Download your data</h2>
      <p className="settings-about">
        Everything that Slipstream keeps about you, in one ZIP file: each ride as GPX with its details and all
        that was recorded, and your account, privacy zones, API keys and webhooks without their secrets. A
        README in it explains the files.
      </p>
      <a className="button" href="/account/export.zip" download onClick={() => setBegun(true)}>
        Export all my data
      </a>
      <p className="note" role="status">
        {isBegun
          ? 'Your browser is downloading it and shows the progress. You can carry on meanwhile.'
          : sizeOf(totals)}
      </p>
    </section>
  )
}

/** Not less high than the sentence that comes in its place. */
function sizeOf(totals: readonly { readonly rides: number; readonly elapsedTime: number }[] | null): string {
  if (totals === null) return '\u00a0'
  const rides = totals.reduce((sum, year) => sum + year.rides, 0)
  const hours = totals.reduce((sum, year) => sum + year.elapsedTime, 0) / 3_600
  const megabytes = (hours * bytesOfAnHour) / 1_000_000
  const size = megabytes < 1 ? 'less than 1 MB' : `about ${Math.ceil(megabytes).toLocaleString('en-GB')} MB`
  if (rides === 0) return 'You have no finished rides yet: less than 1 MB.'
  return `${rides === 1 ? '1 finished ride' : `${rides.toLocaleString('en-GB')} finished rides`}: ${size}.`
}
