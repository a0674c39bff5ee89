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
      return { word: 'You are asked when you start', advice: null, quality: 'unknown' }
    case 'searching':
      return { word: 'Searching…', advice: null, quality: 'unknown' }
    case 'lost':
      return {
        word: 'Not found',
        advice: 'The phone cannot find its position. It keeps trying: go where you see the open sky.',
        quality: 'poor',
      }
    case 'denied':
      return {
        word: 'Not allowed',
        advice:
          'This site is not allowed to know where you are. Allow it in the browser (the icon beside the address) and in the settings of the phone, then start.',
        quality: 'wrong',
      }
    case 'insecure':
      return {
        word: 'Not available here',
        advice:
          'Browsers tell the position only to pages opened over https. Open this page by its https address.',
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
