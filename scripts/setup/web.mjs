/** The web app, as the server serves it. */
import { alone } from './alone.mjs'
import { SetupFault } from './fault.mjs'
import { anythingChangedAt, changedAt } from './place.mjs'
import { step } from './step.mjs'

/** Builds it with Vite, where it is missing or older than what it is made from. */
export async function buildWeb(node) {
  if (!isBuilt()) await alone(() => (isBuilt() ? undefined : build(node)))
}

function isBuilt() {
  const sources = Math.max(
    anythingChangedAt('web', ['dist', 'node_modules']),
    changedAt('schema.graphql'),
    changedAt('package-lock.json'),
  )
  return changedAt('web/dist/index.html') >= sources
}

async function build(node) {
  const { code, output } = await step('Building the web app', node, [
    'node_modules/vite/bin/vite.js',
    'build',
    'web',
    '--logLevel=warn',
  ])
  if (code !== 0)
    throw new SetupFault(`${output.trim()}\n\nThe web app could not be built; Vite's reason stands above.`)
}
