/** The furthest, the highest and the fastest that one has ridden, each with its ride. */
import { Link } from '@tanstack/react-router'
import { useAnswer } from '../graphql/use-answer.ts'
import { Figure } from '../rides/figure.tsx'
import { formatDuration, type Quantity } from '../rides/format.ts'
import { NotLoaded } from '../rides/no-rides.tsx'
import { formatStartBriefly, thisViewer } from '../rides/start.ts'
import { useFormats } from '../rides/use-formats.ts'
import { lengthInWords } from './chips.ts'
import { type RecordRide, recordsQuery } from './documents.ts'
import { NotFiltered } from './not-filtered.tsx'
import type { HistorySearch } from './search.ts'
import { NothingRidden, SignInFirst } from './sign-in-first.tsx'

interface Entry {
  readonly name: string
  readonly figure: Quantity
  /** Beside it; none: null. */
  readonly beside: Quantity | null
  readonly ride: RecordRide
}

export function RecordsPart({ search }: { search: HistorySearch }) {
  const formats = useFormats()
  const { data, failure, reload } = useAnswer(recordsQuery)
  if (data === null && failure !== null) return <NotLoaded what="The records" retry={() => void reload()} />
  if (data === null) return <RecordsToCome />
  if (data.viewer === null) return <SignInFirst what="records" />
  const { longest, mostClimbing, fastest } = data.viewer.records
  const entries: Entry[] = [
    ...(longest === null
      ? []
      : [
          {
            name: 'Longest ride',
            figure: formats.distance(longest.statistics?.distance),
            beside: null,
            ride: longest,
          },
        ]),
    ...(mostClimbing === null
      ? []
      : [
          {
            name: 'Most climbing',
            figure: formats.elevation(mostClimbing.statistics?.elevationGain),
            beside: null,
            ride: mostClimbing,
          },
        ]),
    ...fastest.flatMap(({ distance, time, ride }) =>
      ride === null
        ? []
        : [
            {
              name: `Fastest ${fastestName(distance, formats.units)}`,
              figure: { value: formatDuration(time), unit: '' },
              beside: formats.speed(distance / time),
              ride,
            },
          ],
    ),
  ]
  if (entries.length === 0) return <NothingRidden what="records" />
  return (
    <section className="history-numbers" aria-label="Records">
      <NotFiltered search={search}>These are the records of all your rides.</NotFiltered>
      <ul className="records">
        {entries.map((entry) => (
          <li key={entry.name}>
            <Link to="/rides/$rideId" params={{ rideId: entry.ride.id }} className="record">
              <span className="record-name">{entry.name}</span>
              <span className="record-figure">
                <Figure {...entry.figure} />
              </span>
              <span className="record-ride">
                <span className="record-title">{entry.ride.title}</span>
                <time dateTime={entry.ride.startedAt}>
                  {formatStartBriefly(entry.ride.startedAt, entry.ride.timeZone, thisViewer())}
                </time>
              </span>
              <span className="record-beside">{entry.beside !== null && <Figure {...entry.beside} />}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="field-hint">Fastest times run from start to end of the distance, pauses included.</p>
    </section>
  )
}

/** They are of kilometres, in whatever units one reads. */
function fastestName(metres: number, units: ReturnType<typeof useFormats>['units']): string {
  const kilometres = lengthInWords(metres, 'metric')
  return units === 'metric' ? kilometres : `${kilometres} (${lengthInWords(metres, units)})`
}

function RecordsToCome() {
  return (
    <section className="history-numbers" role="status" aria-label="Loading records">
      <ul className="records" aria-hidden="true">
        {Array.from({ length: 6 }, (_, index) => (
          <li key={index}>
            <span className="record to-come" />
          </li>
        ))}
      </ul>
    </section>
  )
}
