/** Slipstream: opens each room, in the order in which data passes through them, and closes them in reverse. */
import { openApi } from '#composition/api.ts'
import { openGround } from '#composition/ground.ts'
import { beginWork, openProjections } from '#composition/work.ts'
import { type Config, readConfig } from '#config.ts'
import { live, type Opening } from '#lifetime.ts'
import { createLog } from '#server/faults.ts'
import { listen } from '#server/server.ts'
import { giveUp, reasonOf, say, whyNotOpenToOthers } from '#terminal.ts'

const config = configOrLeave()
const { onFault, onRequest } = createLog({
  readable: process.stderr.isTTY === true,
  level: config.logLevel,
})
await live({ open, reasonOf: (error) => reasonOf(error, config), onFault })

/**
 *   ground: the database, the log, its listener, the tables that are read
 *      ├──► work (ROLE all, worker): from the log to tables and routes, and what follows from that
 *      └──► API (ROLE all, api): from the log to feeds, from the tables to queries, and in front of both the roads
 */
async function open(opening: Opening): Promise<void> {
  const ground = await openGround({ config, opening, onFault, onRequest })
  const projecting = openProjections(ground)
  const deliverer = config.role === 'api' ? undefined : await beginWork(ground, projecting)
  if (config.role === 'worker') {
    const { isReady } = ground
    const { close } = await listen(config, { isReady, onFault, onRequest })
    opening.rooms.defer(close)
    say('Working on projections. Stop with Ctrl-C.')
    return
  }
  await openApi(ground, { ...projecting, deliverer })
}

function configOrLeave(): Config {
  const reading = readConfig(process.env)
  if (reading.outcome === 'read') {
    const reason = whyNotOpenToOthers(reading.config)
    return reason === undefined ? reading.config : giveUp(reason)
  }
  return giveUp(`The environment is not right:\n${reading.faults.map((fault) => `  ${fault}`).join('\n')}`)
}
