/** What was sent so far, and how many ride at this moment. */

import type { RideNews } from './send-ride.ts'

export interface Tally {
  readonly riding: number
  readonly setOut: number
  readonly ended: number
  readonly leftOpen: number
  readonly uploads: number
  readonly positions: number
  /** How often something was sent again. */
  readonly retries: number
}

export interface Counter {
  readonly count: (news: RideNews) => void
  readonly tally: () => Tally
}

export function startCounter(): Counter {
  const tally = { riding: 0, setOut: 0, ended: 0, leftOpen: 0, uploads: 0, positions: 0, retries: 0 }
  return {
    tally: () => tally,
    count: (news) => {
      switch (news.kind) {
        case 'sets out':
          tally.riding++
          tally.setOut++
          return
        case 'arrived':
          tally.riding--
          tally.ended++
          return
        case 'stayed':
          tally.riding--
          tally.setOut--
          return
        case 'left':
          tally.riding--
          if (news.isEnded) tally.ended++
          else tally.leftOpen++
          return
        case 'waiting':
          tally.retries++
          return
        case 'answered':
          if (news.step.kind !== 'upload') return
          tally.uploads++
          tally.positions += news.step.positions.length
          return
        default:
          return news satisfies never
      }
    },
  }
}
