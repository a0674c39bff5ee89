// PostGraphile over the view history.rides of DATABASE_URL, on PEER_PORT: with the preset and the pool of the other server here.
import http from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const { PEER_PORT, DATABASE_URL: connectionString } = process.env
const port = Number(PEER_PORT)
const serv = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString, schemas: ['history'], poolConfig: { max: 16 } })],
  grafserv: { port, watch: false, graphiql: false },
  grafast: { explain: false },
}).createServ(grafserv)
const server = http.createServer()
await serv.addTo(server)
server.listen(port, '127.0.0.1', () => console.log('listening'))
