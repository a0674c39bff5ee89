/**
 * Node 24, which the project runs on. Where the machine has an older one it comes with the dependencies, for the
 * systems that npm has it for; scripts of package.json find it first on their PATH too.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { SetupFault } from './fault.mjs'
import { root } from './place.mjs'

const needed = 24

/** The path of a Node that is new enough. */
export async function findNode() {
  if (major(process.version) >= needed) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const executable = process.platform === 'win32' ? 'node.exe' : 'node'
  const brought = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', executable)
  const { stdout } = spawnSync(brought, ['--version'], { encoding: 'utf8' })
  if (major(stdout ?? '') >= needed) return brought
  throw new SetupFault(
    `Slipstream needs Node ${needed} or later; this is ${process.version}, and npm has no newer one for ` +
      `${process.platform} on ${process.arch}.\nInstall it (${howToInstall()}), then start again.`,
  )
}

function major(version) {
  return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0)
}

function howToInstall() {
  return process.platform === 'darwin'
    ? `brew install node@${needed}, or https://nodejs.org/en/download`
    : 'https://nodejs.org/en/download'
}
