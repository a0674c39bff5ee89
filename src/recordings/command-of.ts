/** A step of a plan as the command that a device would send. Imports are known again by it, as JSON: its fields keep their order. */
import type { RideCommand } from '#ride/ride.ts'
import type { Step } from './plan.ts'

export function commandOf(step: Step, title: string | null): RideCommand {
  switch (step.kind) {
    case 'start':
      return { type: 'startRide', startedAt: step.at, title, visibility: 'PRIVATE' }
    case 'upload':
      return { type: 'recordPositions', positions: step.positions }
    case 'pause':
    case 'resume':
    case 'end':
      return { type: `${step.kind}Ride`, at: step.at }
    default:
      return step satisfies never
  }
}
