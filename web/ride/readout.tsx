/** What was measured where somebody points, and of the stretch that he has picked. */
import { formatDuration, formatWhole, type Quantity } from '../rides/format.ts'
import { type Formats, useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import type { Moments } from './moments.ts'
import { measuredWords, quantityOf } from './quantities.ts'
import { type Measured, measuredIn, type Samples } from './samples.ts'
import { type Stretch, type StretchStatistics, statisticsOf } from './stretch.ts'

interface Entry {
  readonly name: string
  readonly key: string
  readonly value: Quantity
}

export function Readout({ samples, moments }: { samples: Samples; moments: Moments }) {
  const formats = useFormats()
  const stretch = useCell(moments.stretch)
  // Who plays the ride back wants to read where it is; the stretch stays picked, and is summed up again after that.
  const isPlaying = useCell(moments.isPlaying)
  return (
    <div className="readout">
      {stretch === null || isPlaying ? (
        <AtMoment samples={samples} moments={moments} />
      ) : (
        <Entries
          label="The stretch, and what it was on average"
          entries={ofStretch(samples, stretch, formats)}
        />
      )}
      {stretch !== null && (
        <>
          {!isPlaying && areNearly(samples) && (
            <p className="readout-nearly">≈ estimated from part of the recording</p>
          )}
          <button type="button" className="button button-small" onClick={() => moments.stretch.set(null)}>
            Whole ride
          </button>
        </>
      )}
    </div>
  )
}

function AtMoment({ samples, moments }: { samples: Samples; moments: Moments }) {
  const formats = useFormats()
  const moment = useCell(moments.moment)
  if (moment === null) {
    return (
      <p className="readout-hint">
        Point at the charts to read values. Drag across them to sum up a stretch.
      </p>
    )
  }
  return <Entries label="Here" entries={ofSample(samples, moment.index, formats)} />
}

function Entries({ label, entries }: { label: string; entries: readonly Entry[] }) {
  return (
    <dl className="readout-entries" aria-label={label}>
      {entries.map(({ key, name, value: { value, unit } }) => (
        <div key={key} data-value={key}>
          <dt>{name}</dt>
          <dd>
            {value}
            {unit !== '' && <span className="unit"> {unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function ofSample(samples: Samples, index: number, formats: Formats): Entry[] {
  return [
    { key: 'distance', name: 'Distance', value: formats.distance(samples.distance[index]) },
    { key: 'time', name: 'Time', value: clock(samples.time[index]) },
    ...measuredIn(samples).map((name: Measured) => ({
      key: name,
      name: measuredWords[name],
      value: quantityOf(name, samples[name][index] ?? null, formats),
    })),
  ]
}

function ofStretch(samples: Samples, stretch: Stretch, formats: Formats): Entry[] {
  const statistics: StretchStatistics = statisticsOf(samples, stretch)
  const { elevationGain, averageHeartRate, averagePower, averageCadence } = statistics
  const isNearly = areNearly(samples)
  const average = (value: number, unit: string): Quantity => {
    const exact = formatWhole(value, unit)
    return isNearly ? { ...exact, value: `≈ ${exact.value}` } : exact
  }
  return [
    { key: 'distance', name: 'Distance', value: formats.distance(statistics.distance) },
    { key: 'time', name: 'Time', value: clock(statistics.elapsedTime) },
    { key: 'movingTime', name: 'Moving', value: clock(statistics.movingTime) },
    { key: 'speed', name: 'Speed', value: formats.speed(statistics.averageSpeed) },
    ...known('climb', 'Climb', elevationGain, (value) => formats.elevation(value)),
    ...known('heartRate', 'Heart rate', averageHeartRate, (value) => average(value, 'bpm')),
    ...known('power', 'Power', averagePower, (value) => average(value, 'W')),
    ...known('cadence', 'Cadence', averageCadence, (value) => average(value, 'rpm')),
  ]
}

/** Of a long ride the page has only some of the samples (stretch.ts). */
function areNearly({ originalSize, time }: Samples): boolean {
  return originalSize > time.length
}

function known(
  key: string,
  name: string,
  value: number | null,
  format: (value: number) => Quantity,
): Entry[] {
  return value === null ? [] : [{ key, name, value: format(value) }]
}

function clock(seconds: number | undefined): Quantity {
  return { value: formatDuration(seconds), unit: '' }
}
