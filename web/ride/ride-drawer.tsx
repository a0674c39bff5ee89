/** Under the map: the ride's charts, what the route's colours mean, and the playback. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { Drawer } from '../app/drawer.tsx'
import { ChartSummary } from './chart-summary.tsx'
import { ColourChoice } from './colour-choice.tsx'
import { colouringsOf, type Painting } from './coloured-route.ts'
import type { Moments } from './moments.ts'
import { PlaybackBar } from './playback-bar.tsx'
import { Readout } from './readout.tsx'
import { usualColouring } from './ride-search.ts'
import type { Along, AlongView } from './use-along.ts'
import { usePlayback } from './use-playback.ts'

const Charts = lazy(async () => ({ default: (await import('./charts.tsx')).Charts }))

export function RideDrawer({
  along,
  moments,
  painting,
}: {
  along: AlongView
  moments: Moments
  painting: Painting | null
}) {
  if (along.status === 'none') return null
  return (
    <Drawer>
      <section className="ride-drawer" aria-label="Along the ride">
        {along.status === 'ready' ? (
          <Shown along={along} moments={moments} painting={painting} />
        ) : along.status === 'loading' ? (
          <ChartsToCome />
        ) : (
          <p className="ride-note">The charts could not be loaded. Reload the page.</p>
        )}
      </section>
    </Drawer>
  )
}

function Shown({ along, moments, painting }: { along: Along; moments: Moments; painting: Painting | null }) {
  const { samples } = along
  const { colour = usualColouring, along: axis } = useSearch({ from: '/rides/$rideId' })
  const navigate = useNavigate({ from: '/rides/$rideId' })
  const playback = usePlayback(samples, moments)
  const [isPicking, setPicking] = useState(false)
  // Of a ride without a route there is nothing to colour, nor any way to draw charts along.
  const hasWay = along.way.lines.length > 0
  const offered = colouringsOf(samples)
  const shownAxis = hasWay ? (axis ?? 'distance') : 'time'
  return (
    <>
      <div className="drawer-tools">
        <PlaybackBar playback={playback} moments={moments} />
        {hasWay && (
          <ColourChoice
            chosen={offered.includes(colour) ? colour : 'plain'}
            offered={offered}
            painting={painting}
          />
        )}
        {hasWay && (
          <fieldset className="segmented" aria-label="The charts run along">
            {(['distance', 'time'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={(axis ?? 'distance') === each}
                onClick={() =>
                  void navigate({
                    search: ({ along: _, ...rest }) => (each === 'time' ? { ...rest, along: each } : rest),
                    replace: true,
                  })
                }
              >
                {each === 'time' ? 'Time' : 'Distance'}
              </button>
            ))}
          </fieldset>
        )}
        <button
          type="button"
          className="button button-small pick-by-touch"
          aria-pressed={isPicking}
          onClick={() => setPicking(!isPicking)}
        >
          Pick a stretch
        </button>
      </div>
      <Readout samples={samples} moments={moments} />
      <ChartSummary samples={samples} />
      <Suspense fallback={<div className="to-come to-come-charts" />}>
        <Charts samples={samples} axis={shownAxis} moments={moments} isPicking={isPicking} />
      </Suspense>
    </>
  )
}

export function ChartsToCome() {
  return (
    <div role="status" aria-label="Loading the charts">
      <div className="to-come to-come-tools" />
      <div className="to-come to-come-charts" />
    </div>
  )
}
