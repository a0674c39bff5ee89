/**
 * `npm run token`: an API key for a rider. Here the parts are put together with the process: its arguments, its output. Exit
 * codes: 0 made, 1 not, 2 wrong arguments.
 */
import { makeKey, mostKeys } from '#identity/api-keys.ts'
import { riderCalled } from '#identity/riders.ts'
import type { OpenedForCli } from './open-log.ts'
import { complain, run, say } from './process.ts'
import { readOptions, type TokenOptions, usage } from './token/options.ts'
import { withLog } from './with-log.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const wentAway = 'The database went away. Run the same command again.'
  return withLog({ wentAway }, (opened) => make(opened, read.options))
}

async function make({ write }: OpenedForCli, options: TokenOptions): Promise<number> {
  const { rider, name, scopes, lifetimeMs } = options
  const found = await riderCalled(write, rider)
  if (found.outcome === 'unknown')
    return complain(`There is no rider '${rider}'. Give a name to make one.`, 1)
  if (found.outcome === 'several') {
    return complain(`Several riders are called '${rider}'. Give one id:\n${found.riderIds.join('\n')}`, 1)
  }
  const { riderId } = found
  const expiresAt = lifetimeMs === null ? null : Date.now() + lifetimeMs
  const making = await makeKey(write, { riderId, name, scopes, expiresAt })
  if (making.outcome === 'too many') {
    return complain(`This rider has ${mostKeys} keys already. Revoke those that nobody uses.`, 1)
  }
  const until = expiresAt === null ? 'until it is revoked' : `until ${new Date(expiresAt).toISOString()}`
  const whose = found.outcome === 'made' ? `a new rider, ${riderId}` : `the rider ${riderId}`
  complain(`A key of ${whose}, for ${scopes.join(' and ')}, good ${until}. It is shown this once:`, 0)
  return say(making.secret)
}

await run(main)
