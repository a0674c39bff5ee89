/**
 * What a phone would have sent while the ride was recorded, each step with its id: everything is decided here, before the
 * first byte is sent, so that sending again is sending the same.
 */

import * as recorded from '#recordings/plan.ts'
import type { Recording } from '#recordings/recording.ts'

export interface Plan extends Omit<recorded.Plan, 'steps'> {
  readonly rideId: string
  readonly startedAt: number
  readonly endedAt: number
  readonly steps: readonly Step[]
}

type Upload = Extract<recorded.Step, { kind: 'upload' }>
type Command = Exclude<recorded.Step, Upload>

/** A step of the recording with the id that its sender gives it. */
export type Step =
  | (Command & { readonly kind: 'start'; readonly title: string; readonly visibility?: string })
  | (Upload & { readonly uploadId: string })
  | (Command & { readonly kind: 'pause' | 'resume' | 'end'; readonly commandId: string })

/** A phone uploads this often, so that those who watch see the ride no later. */
export const uploadSpanMs = 10_000

/**
 * The plan of a recording. `newId` makes a UUID: the ride's first, then one for each upload and command, in
 * order.
 */
export function planReplay(recording: Recording, title: string, newId: () => string): Plan {
  const { startedAt, endedAt } = recording
  const { steps, positions, leftOut } = recorded.planOf(recording, uploadSpanMs)
  return {
    rideId: newId(),
    startedAt,
    endedAt,
    steps: steps.map((step): Step => {
      if (step.kind === 'upload') return { ...step, uploadId: newId() }
      const { kind } = step
      return kind === 'start' ? { ...step, kind, title } : { ...step, kind, commandId: newId() }
    }),
    positions,
    leftOut,
  }
}
