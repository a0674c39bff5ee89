/** The map's place in the page. It makes the map once the page stands and shows it, and keeps its camera in the address. */
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useApp, useRiderMap } from '../app/app.ts'
import { parseCamera, printCamera } from '../app/search.ts'
import type { Camera } from './engine.ts'
import { FallbackNote } from './fallback-note.tsx'
import { MapToCome } from './map-to-come.tsx'
import type { RiderMapEvents } from './rider-map.ts'

/** Before anything is known: much of Europe. */
const firstCamera: Camera = { latitude: 48, longitude: 9, zoom: 3.2 }

export function MapPane({
  isEnlarged,
  enlarge,
}: {
  /** Where the map and the page are one above the other, and most of the screen is the map's. */
  isEnlarged: boolean
  enlarge: (isEnlarged: boolean) => void
}) {
  const { map: mapCell, themes, units, server } = useApp()
  const map = useRiderMap()
  const [hasFailed, setHasFailed] = useState(false)
  const [isDue, setDue] = useState(false)
  const container = useRef<HTMLDivElement>(null)
  const search = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const isLive = useLocation({ select: ({ pathname }) => pathname === '/' })

  // The map outlives many renders; what it calls must be what the last of them meant.
  const events = useRef<RiderMapEvents>(null)
  events.current = {
    rideClicked: (rideId) =>
      isLive
        ? void navigate({ from: '/', to: '/', search: (now) => ({ ...now, ride: rideId }) })
        : void navigate({ to: '/rides/$rideId', params: { rideId }, search: {} }),
    cameraRested(camera, byUser) {
      if (!byUser) return
      const printed = printCamera(camera)
      ownCamera.current = printed
      void navigate({ to: '.', search: (now) => ({ ...now, map: printed }), replace: true })
    },
    grabbed: () => void navigate({ to: '.', search: (now) => ({ ...now, follow: false }), replace: true }),
  }
  const cameraAtStart = useRef(search.map === undefined ? null : parseCamera(search.map))
  const ownCamera = useRef(search.map)

  // Going back to an address goes back to where the map looked.
  useEffect(() => {
    if (map === null || search.map === undefined || search.map === ownCamera.current) return
    ownCamera.current = search.map
    const camera = parseCamera(search.map)
    if (camera !== null) map.setCamera(camera)
  }, [map, search.map])

  useEffect(() => {
    const show = () => map?.setUnits(units.choice.get())
    show()
    return units.choice.subscribe(show)
  }, [map, units])

  // What failed because the server was away is tried once more when it is back.
  const { status } = server.socket.connection
  useEffect(() => {
    if (!hasFailed) return
    return status.subscribe(() => {
      if (status.get() === 'connected') setHasFailed(false)
    })
  }, [hasFailed, status])

  // A page without a map need not wait for one: it is made as soon as it is seen.
  useEffect(() => {
    const element = container.current
    if (element === null || isDue) return
    const sizes = new ResizeObserver(() => {
      if (element.clientWidth > 0 && element.clientHeight > 0) setDue(true)
    })
    sizes.observe(element)
    return () => sizes.disconnect()
  }, [isDue])

  useEffect(() => {
    const element = container.current
    if (element === null || !isDue || hasFailed) return
    let isGone = false
    const theme = themes.shown.get()
    import('./rider-map.ts')
      .then(({ createRiderMap }) =>
        createRiderMap(element, {
          camera: cameraAtStart.current ?? firstCamera,
          theme,
          events: {
            rideClicked: (rideId) => events.current?.rideClicked(rideId),
            cameraRested: (camera, byUser) => events.current?.cameraRested(camera, byUser),
            grabbed: () => events.current?.grabbed(),
          },
        }),
      )
      .then((made) => {
        if (isGone) {
          made.destroy()
          return
        }
        if (themes.shown.get() !== theme) made.setTheme(themes.shown.get())
        mapCell.set(made)
      })
      .catch((fault: unknown) => {
        console.warn('The map could not be drawn.', fault)
        setHasFailed(true)
      })
    const endTheme = themes.shown.subscribe(() => mapCell.get()?.setTheme(themes.shown.get()))
    return () => {
      isGone = true
      endTheme()
      mapCell.get()?.destroy()
      mapCell.set(null)
    }
  }, [mapCell, themes, isDue, hasFailed])

  return (
    <section className="map-pane" aria-label="Map">
      <div className="map" ref={container} data-testid="map" />
      {hasFailed && (
        <p className="map-fault">
          The map could not be drawn: it needs WebGL, and this server for its data. Rides and figures are
          shown without it.
        </p>
      )}
      {!hasFailed && <MapToCome map={map} />}
      {map !== null && <FallbackNote map={map} />}
      {map !== null && (
        <div className="map-controls">
          {search.follow === false && (
            <button
              type="button"
              className="map-button map-button-wide"
              onClick={() =>
                void navigate({
                  to: '.',
                  // What a page looks for stays.
                  search: ({ map: _map, follow: _follow, ...rest }) => rest,
                  replace: true,
                })
              }
            >
              Re-centre
            </button>
          )}
          <button type="button" className="map-button" aria-label="Zoom in" onClick={() => map.zoomBy(1)}>
            +
          </button>
          <button type="button" className="map-button" aria-label="Zoom out" onClick={() => map.zoomBy(-1)}>
            −
          </button>
          <button
            type="button"
            className="map-button map-enlarge"
            aria-label="Enlarge the map"
            aria-pressed={isEnlarged}
            onClick={() => enlarge(!isEnlarged)}
          >
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
              <path d={isEnlarged ? 'M6 13l6-6 6 6M6 19l6-6 6 6' : 'M6 5l6 6 6-6M6 11l6 6 6-6'} />
            </svg>
          </button>
        </div>
      )}
    </section>
  )
}
