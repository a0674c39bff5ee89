/** What a measurement is given. */
import type { Peers } from './peers.ts'
import type { Postgres } from './postgres.ts'
import type { Figures } from './rounds.ts'

export interface Means {
  readonly postgres: Postgres
  /** Undefined where there is nobody to compare with. */
  readonly peers: Peers | undefined
  readonly rounds: number
  readonly quick: boolean
  /** Says what goes on. */
  readonly say: (text: string) => void
}

export type Measure = (means: Means) => Promise<Figures>
