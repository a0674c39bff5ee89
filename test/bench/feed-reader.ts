/** One who watches a ride and keeps what came: cursors and versions. */
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually.ts'
import { credentialsFor } from './credentials.ts'

export interface FeedReader extends AsyncDisposable {
  /** Subscribes. */
  begin(): void
  /** In the order in which they came. */
  readonly versions: readonly number[]
  readonly cursors: readonly string[]
  /** Waits until so many have come. */
  have(count: number): Promise<void>
  /** Waits until nothing has come for half a second. */
  silence(): Promise<void>
  /** Reads no more from the socket, so that what is sent fills it and then waits with the server. */
  stall(): void
  readOn(): void
}

const feed = `subscription($rideId:ID!,$after:Cursor){
  rideFeed(rideId:$rideId,after:$after){cursor version status positions{at latitude longitude}}
}`

export async function openFeedReader(
  url: string,
  variables: { readonly rideId: string; readonly after?: string },
): Promise<FeedReader> {
  const socket = new WebSocket(url, ['graphql-transport-ws'], {
    perMessageDeflate: false,
    headers: credentialsFor(url),
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const versions: number[] = []
  const cursors: string[] = []
  let fault: Error | undefined
  socket.on('error', () => undefined)
  socket.on('message', (message: Buffer) => {
    const text = message.toString()
    const cursor = /"cursor":"([^"]+)"/.exec(text)?.[1]
    const version = /"version":(\d+)/.exec(text)?.[1]
    if (cursor === undefined || version === undefined) {
      fault = new Error(`A subscriber was told ${text.slice(0, 300)}`)
      return
    }
    cursors.push(cursor)
    versions.push(Number(version))
  })
  return {
    versions,
    cursors,
    begin() {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: feed, variables } }))
    },
    async have(count) {
      const enough = () => {
        if (fault !== undefined) throw fault
        return versions.length >= count
      }
      await eventually(`${count} events`, enough, { withinMs: 60_000, everyMs: 1 })
    },
    async silence() {
      for (let before = -1; before !== versions.length; ) {
        before = versions.length
        await pause(500)
      }
    },
    stall: () => socket.pause(),
    readOn: () => socket.resume(),
    async [Symbol.asyncDispose]() {
      socket.terminate()
    },
  }
}
