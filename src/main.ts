/** Slipstream: opens each room, in the order in which data passes through them, and closes them in reverse. */
import { openApi } from '#composition/api.ts'
import { openGround } from '#composition/ground.ts'
import { openReadiness } from '#composition/readiness.ts'
import { beginWork, openProjections } from '#composition/work.ts'
import { type Config, readConfig } from '#config.ts'
import { live, type Opening } from '#lifetime.ts'
import { openAdministration } from '#projections/administration.ts'
import { createLog } from '#server/faults.ts'
import { listen } from '#server/server.ts'
import { giveUp, reasonOf, say, whyNotOpenToOthers } from '#terminal.ts'

const config = configOrLeave()
const { onFault, onRequest } = createLog({
  readable: process.stderr.isTTY === true,
  level: config.logLevel,
})
await live({ open, drainMs: config.drainMs, reasonOf: (error) => reasonOf(error, config), onFault })

/**
 *   ground: the database, the log, its listener, the tables that are read
 *      ├──► work (ROLE all, worker): from the log to tables and routes, and what follows from that
 *      └──► API (ROLE all, api): from the log to feeds, from the tables to queries, and in front of both the roads
 */
async function open(opening: Opening): Promise<void> {
  const ground = await openGround({ config, opening, onFault, onRequest })
  const projecting = openProjections(ground)
  const { role } = config
  const { write: database, log, availability, now } = ground
  const { projections } = projecting
  const administration = openAdministration({ database, projections, partitions: log.partitions })
  let isOpen = false
  const readiness = openReadiness({
    ...{ role, isOpen: () => isOpen, isLeaving: opening.isLeaving },
    now,
    isAway: () => availability.status === 'away',
    status: administration.status,
  })
  if (role === 'worker') {
    // To the end of its work it says that it is alive, and that it is not ready.
    const { close } = await listen(config, { readiness, isLeaving: opening.isLeaving, onFault, onRequest })
    opening.rooms.defer(close)
  }
  const deliverer = role === 'api' ? undefined : await beginWork(ground, projecting)
  if (role === 'worker') say('Working on projections. Stop with Ctrl-C.')
  else await openApi(ground, { ...projecting, administration, readiness, deliverer })
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
