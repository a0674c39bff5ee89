/**
 * The limit of fan-out: a WebSocket server that sends one prepared frame to every socket, FRAME, as often a second as the last
 * text message said that came to it. Listens on PEER_PORT and says so.
 */
import { WebSocketServer } from 'ws'

const { PEER_PORT, FRAME = '' } = process.env
const sockets = new WebSocketServer({ port: Number(PEER_PORT), host: '127.0.0.1', perMessageDeflate: false })
let rate = 0
let from = performance.now()
let sent = 0

sockets.on('connection', (socket) => {
  socket.on('message', (message) => {
    rate = Number(String(message))
    from = performance.now()
    sent = 0
  })
})
sockets.on('listening', () => console.log('listening'))

setInterval(() => {
  const due = Math.floor(((performance.now() - from) / 1_000) * rate)
  // A few at a time, so that sockets are written to in between.
  for (let burst = 0; sent < due && burst < 5; burst++, sent++) {
    const frame = Buffer.from(FRAME)
    for (const socket of sockets.clients) socket.send(frame, { binary: false })
  }
  if (due - sent > 50) sent = due
}, 2)
