/** Whether the phone knows where it is, and how well: in a word, a figure and, where it is not well, what to do. */

import { useFormats } from '../rides/use-formats.ts'
import { useCell } from '../state/use-cell.ts'
import { accuracyAdvice, accuracyInWords, judgeAccuracy } from './accuracy-words.ts'
import type { Locating } from './device.ts'
import type { Recorder } from './recorder.ts'

export function LocatingLine({ recorder }: { recorder: Recorder }) {
  const locating = useCell(recorder.locator.locating)
  const { units } = useFormats()
  const { word, advice, quality } = wordsOf(locating, units)
  const isWrong = locating.status === 'denied' || locating.status === 'insecure'
  return (
    <div className="recorder-fact" data-quality={quality} role={isWrong ? 'alert' : undefined}>
      <span className="recorder-fact-name">Position</span>
      <span className="recorder-fact-word">{word}</span>
      {advice !== null && <p className="recorder-fact-advice">{advice}</p>}
    </div>
  )
}

interface Words {
  readonly word: string
  readonly advice: string | null
  readonly quality: 'unknown' | 'good' | 'fair' | 'poor' | 'wrong'
}

function wordsOf(locating: Locating, units: 'metric' | 'imperial'): Words {
  switch (locating.status) {
    case 'off':
      return { word: 'Asked for when you start', advice: null, quality: 'unknown' }
    case 'searching':
      return { word: 'Searching…', advice: null, quality: 'unknown' }
    case 'lost':
      return {
        word: 'Not found',
        advice: 'The phone does not find itself. It goes on trying: go where the sky is open.',
        quality: 'poor',
      }
    case 'denied':
      return {
        word: 'Not allowed',
        advice:
          'This site may not know where you are. Allow it in the settings of the browser (the sign beside the address), and of the phone, then start.',
        quality: 'wrong',
      }
    case 'insecure':
      return {
        word: 'Not to be had here',
        advice: 'Browsers tell it to pages only that came by https. Open this page by its https address.',
        quality: 'wrong',
      }
    case 'found': {
      const { accuracy } = locating.coords
      const judged = judgeAccuracy(accuracy)
      return {
        word: accuracyInWords(accuracy, units),
        advice: accuracyAdvice(accuracy),
        quality: judged === 'unusable' ? 'wrong' : judged,
      }
    }
    default:
      return locating satisfies never
  }
}
