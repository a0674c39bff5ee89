/** One rider who uploads at a steady rate, over a WebSocket, without waiting for answers. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { credentialsFor } from './credentials.ts'
import { upload } from './requests.ts'

export interface Publisher extends AsyncDisposable {
  /** Uploads a second from now on. */
  setRate(perSecond: number): void
  /** How many answers so far were none of success. */
  refused(): number
}

export async function openPublisher(socketUrl: string, rideId: string, positions = 1): Promise<Publisher> {
  const socket = new WebSocket(socketUrl, ['graphql-transport-ws'], {
    perMessageDeflate: false,
    headers: credentialsFor(socketUrl),
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  let refused = 0
  socket.on('message', (message: Buffer) => {
    if (message.includes('"type":"next"') && !message.includes('RecordPositionsPayload')) refused++
  })
  socket.on('error', () => undefined)
  let rate = 0
  let from = performance.now()
  let sent = 0
  let index = 0
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - from) / 1_000) * rate)
    for (; sent < due; sent++) {
      const payload = upload(rideId, positions, index)
      socket.send(JSON.stringify({ id: String(index++), type: 'subscribe', payload }))
    }
  }, 2)
  return {
    setRate(perSecond) {
      rate = perSecond
      from = performance.now()
      sent = 0
    },
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      socket.terminate()
    },
  }
}
