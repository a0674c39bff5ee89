/** The recorder: a ride is recorded in the browser of the phone on the handlebar. */
import { Link } from '@tanstack/react-router'
import { Notice } from '../app/notice.tsx'
import { useTitle } from '../app/page.tsx'
import { useCell } from '../state/use-cell.ts'
import { whyNotRead } from './keep-fault.ts'
import { LongSilence } from './long-silence.tsx'
import type { Recorder, RecorderView } from './recorder.ts'
import { RideOver } from './ride-over.tsx'
import { StartRide } from './start-ride.tsx'
import { UnderWay } from './under-way.tsx'
import { useRecordScene } from './use-record-scene.ts'
import { useRecorder } from './use-recorder.ts'

export function RecordPage() {
  useTitle('Record')
  const recorder = useRecorder()
  const view = useCell(recorder.view)
  useRecordScene(recorder)
  const positions = view.status === 'ready' ? view.current?.recording.positionCount : undefined
  return (
    <article className="recorder" data-testid="record" data-positions={positions}>
      <h1 className="visually-hidden">Record a ride</h1>
      <Room recorder={recorder} view={view} />
    </article>
  )
}

function Room({ recorder, view }: { recorder: Recorder; view: RecorderView }) {
  switch (view.status) {
    case 'opening':
      return (
        <div className="recorder-to-come" role="status">
          <span className="visually-hidden">Looking for rides on this phone</span>
        </div>
      )
    case 'no storage':
      return (
        <Notice title="This browser saves nothing" isAlert>
          <p>
            A ride is saved on the phone until the server has it, and this browser does not let the page save
            anything. Leave the private window, or allow this site to store data, then load the page again.
          </p>
        </Notice>
      )
    case 'not read':
      return (
        <Notice title="The rides on this phone cannot be read" isAlert>
          <p>
            {whyNotRead(view.fault)} Nothing is lost. Try again, or load the page again. If that does not
            help, close the browser and open it again.
          </p>
          <button type="button" className="button button-main" onClick={recorder.readAgain}>
            Try again
          </button>
        </Notice>
      )
    case 'elsewhere':
      return (
        <Notice title="Another tab is recording">
          <p>The recorder is open in another tab of this browser. You can go on in this tab instead.</p>
          <button type="button" className="button button-main" onClick={recorder.takeOver}>
            Record in this tab
          </button>
        </Notice>
      )
    case 'signed out':
      return (
        <Notice title="Sign in to record">
          <p>
            {view.hasRides
              ? 'A ride on this phone has not been sent completely. Sign in with the account that recorded it, and the rest is sent.'
              : 'Then the ride is saved in your account.'}
          </p>
          <Link to="/sign-in" className="button button-main">
            Sign in
          </Link>
        </Notice>
      )
    case 'ready': {
      const { current, isAsking } = view
      if (current === null) return <StartRide recorder={recorder} view={view} />
      if (isAsking) return <LongSilence recorder={recorder} ride={current} />
      if (current.recording.status === 'ENDED') return <RideOver recorder={recorder} ride={current} />
      return <UnderWay recorder={recorder} ride={current} fault={view.fault} />
    }
    default:
      return view satisfies never
  }
}
