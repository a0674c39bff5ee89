/**
 * Makes a fresh clone ready, then runs what it was asked to run:
 *
 *     node scripts/setup.mjs [--web] [-- FILE [ARGUMENTS]]
 *
 * It installs the dependencies where they are missing or older than the lock file, builds the web app (`--web`) where
 * it is missing or older than its sources, and runs FILE under Node 24. Where all is there it says nothing.
 *
 * Plain JavaScript, because it runs under whatever Node the machine has (18 or later), and without dependencies,
 * because it is what installs them.
 */
import { installDependencies } from './setup/dependencies.mjs'
import { SetupFault } from './setup/fault.mjs'
import { findNode } from './setup/node.mjs'
import { run } from './setup/run.mjs'
import { buildWeb } from './setup/web.mjs'

const [options, command] = splitAtDashes(process.argv.slice(2))

try {
  await installDependencies()
  const node = await findNode()
  if (options.includes('--web')) await buildWeb(node)
  if (command.length > 0) run(node, command)
} catch (error) {
  if (!(error instanceof SetupFault)) throw error
  console.error(`\n${error.message}`)
  process.exitCode = 1
}

function splitAtDashes(words) {
  const dashes = words.indexOf('--')
  return dashes === -1 ? [words, []] : [words.slice(0, dashes), words.slice(dashes + 1)]
}
