/** Slipstream: opens each room, in the order in which data passes through them, and closes them in reverse. */
import { openApi } from '#composition/api.ts'
import { openGround } from '#composition/ground.ts'
import { openObservation } from '#composition/observation.ts'
import { openReadiness } from '#composition/readiness.ts'
import { beginWork, openProjections } from '#composition/work.ts'
import { type Config, readConfig } from '#config.ts'
import { live, type Opening } from '#lifetime.ts'
import { createLog } from '#server/faults.ts'
import { listen } from '#server/server.ts'
import { openMetrics } from '#telemetry/metrics.ts'
import { giveUp, reasonOf, sayBy, sayWorking, whyNotOpenToOthers } from '#terminal.ts'
import { version } from '#version.ts'

const config = configOrLeave()
const metrics = openMetrics({ version, role: config.role })
const log = createLog({
  readable: config.logFormat === 'text' || (config.logFormat === undefined && process.stderr.isTTY === true),
  level: config.logLevel,
  onFaultLogged: metrics.asking.fault,
})
const { onFault, onRequest } = log
if (config.logFormat === 'json') sayBy(log)
await live({ open, drainMs: config.drainMs, reasonOf: (error) => reasonOf(error, config), onFault })

/**
 *   ground: the database, the log, its listener, the tables that are read
 *      ├──► observation: what is counted of it all
 *      ├──► work (ROLE all, worker): from the log to tables and routes, and what follows from that
 *      └──► API (ROLE all, api): from the log to feeds, from the tables to queries, and in front of both the roads
 */
async function open(opening: Opening): Promise<void> {
  const ground = await openGround({ config, opening, onFault, onRequest, metrics })
  const projecting = openProjections(ground)
  const { role } = config
  const { availability, room, now } = ground
  const { administration } = projecting
  await openObservation(ground, projecting)
  let isOpen = false
  const readiness = openReadiness({
    ...{ role, isOpen: () => isOpen, isLeaving: opening.isLeaving },
    now,
    ticks: () => performance.now(),
    isAway: () => availability.status === 'away',
    isFull: () => room.isFull,
    status: administration.status,
  })
  if (role === 'worker') {
    // To the end of its work it says that it is alive, and that it is not ready.
    const { isLeaving } = opening
    const { close } = await listen(config, { ...ground.watching, readiness, isLeaving, onFault, onRequest })
    opening.rooms.defer(close)
  }
  const deliverer = role === 'api' ? undefined : await beginWork(ground, projecting)
  if (role !== 'worker') await openApi(ground, { ...projecting, readiness, deliverer })
  else sayWorking(config)
  isOpen = true
}

function configOrLeave(): Config {
  const reading = readConfig(process.env)
  if (reading.outcome === 'read') {
    const reason = whyNotOpenToOthers(reading.config)
    return reason === undefined ? reading.config : giveUp(reason)
  }
  return giveUp(`The environment is not right:\n${reading.faults.map((fault) => `  ${fault}`).join('\n')}`)
}
