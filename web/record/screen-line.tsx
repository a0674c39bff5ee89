/** Whether the screen stays on, and how long the battery may last. */
import { useCell } from '../state/use-cell.ts'
import type { ScreenHold } from './device.ts'
import type { Recorder } from './recorder.ts'

const words: Record<ScreenHold, string> = {
  held: 'Stays on',
  free: 'May go off',
  refused: 'May go off',
  'unknown here': 'May go off',
}

const advice: Partial<Record<ScreenHold, string>> = {
  refused:
    'The browser does not keep it on, perhaps to save the battery. Nothing is recorded while it is off: set the phone to keep it on longer.',
  'unknown here':
    'This browser cannot keep it on. Nothing is recorded while it is off: set the phone to keep it on longer.',
}

export function ScreenLine({ recorder }: { recorder: Recorder }) {
  const hold = useCell(recorder.screen.hold)
  const charge = useCell(recorder.charge)
  const told = advice[hold]
  return (
    <>
      <div className="recorder-fact" data-quality={told === undefined ? 'unknown' : 'poor'}>
        <span className="recorder-fact-name">Screen</span>
        <span className="recorder-fact-word">{words[hold]}</span>
        {told !== undefined && <p className="recorder-fact-advice">{told}</p>}
      </div>
      {charge !== null && (
        <div className="recorder-fact" data-quality={charge < 0.15 ? 'poor' : 'unknown'}>
          <span className="recorder-fact-name">Battery</span>
          <span className="recorder-fact-word">{Math.round(charge * 100)} %</span>
        </div>
      )}
    </>
  )
}
