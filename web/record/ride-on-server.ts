/** How far the server is with the ride that is recorded here: asked now and then, and until it is finished. */
import { backoffMs } from '../graphql/backoff.ts'
import type { Server } from '../graphql/client.ts'
import { type Cell, createCell } from '../state/cell.ts'
import { type OnServer, onServerQuery } from './documents.ts'

export interface RideOnServer {
  readonly ride: OnServer
  /** How many of the positions it is sure to hold. */
  readonly through: number
}

export interface OnServerWatch {
  readonly cell: Cell<RideOnServer | null>
  /** From now on this ride; null: none. */
  watch(rideId: string | null): void
  /** The server holds so many of its positions. */
  holds(positions: number): void
  /** The server has its end: asked until its route is made. */
  hasEnd(): void
}

/** Its distance need not be newer than that. */
const askEveryMs = 10_000

export function watchOnServer(server: Pick<Server, 'query' | 'socket'>): OnServerWatch {
  const cell = createCell<RideOnServer | null>(null)
  let watched: string | null = null
  let held = 0
  let askedMs = Number.NEGATIVE_INFINITY

  async function ask(rideId: string): Promise<void> {
    askedMs = performance.now()
    const through = held
    const answer = await server.query(onServerQuery, { id: rideId })
    if (watched !== rideId || !answer.ok || answer.data.ride === null) return
    const { ride } = answer.data
    if (ride.version >= (cell.get()?.ride.version ?? 0)) cell.set({ ride, through })
  }

  async function askUntilFinished(rideId: string): Promise<void> {
    for (let attempt = 0; watched === rideId; attempt++) {
      await ask(rideId)
      if (cell.get()?.ride.status === 'FINISHED') return
      await server.socket.pause(backoffMs(attempt, Math.random()))
    }
  }

  return {
    cell,
    watch(rideId) {
      watched = rideId
      held = 0
      askedMs = Number.NEGATIVE_INFINITY
      cell.set(null)
    },
    holds(positions) {
      held = positions
      if (watched !== null && performance.now() - askedMs >= askEveryMs) void ask(watched)
    },
    hasEnd() {
      if (watched !== null) void askUntilFinished(watched)
    },
  }
}
