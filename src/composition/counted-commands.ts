/** Counts what becomes of commands, whoever sends them. */
import type { Commands } from '#log/commands.ts'
import type { Circumstances, RideCommand, RideRefusal } from '#ride/ride.ts'
import type { WriteRoad } from '#telemetry/write-road.ts'

export type RideCommands = Commands<RideCommand, Circumstances, RideRefusal>

export function counted(commands: RideCommands, writeRoad: WriteRoad): RideCommands {
  function tell(command: RideCommand, outcome: string, begunAt: number): void {
    writeRoad.command(command.type, outcome, (performance.now() - begunAt) / 1_000)
    if (outcome === 'accepted' && command.type === 'recordPositions')
      writeRoad.positions(command.positions.length)
  }
  return {
    ...commands,
    handle(request) {
      const begunAt = performance.now()
      const handling = commands.handle(request)
      handling.then(
        ({ outcome }) => tell(request.command, outcome, begunAt),
        () => tell(request.command, 'failed', begunAt),
      )
      return handling
    },
  }
}
