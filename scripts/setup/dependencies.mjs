/** The dependencies, exactly as the lock file names them. */
import { basename } from 'node:path'
import { alone } from './alone.mjs'
import { SetupFault } from './fault.mjs'
import { changedAt } from './place.mjs'
import { step } from './step.mjs'

/** Lock files of version 3 are read from this one on. */
const oldestNpm = 7

/** Written by npm when it is done, so that an installation that was broken off counts as none. */
const installed = 'node_modules/.package-lock.json'

export async function installDependencies() {
  if (!areInstalled()) await alone(() => (areInstalled() ? undefined : install()))
}

function areInstalled() {
  return changedAt(installed) >= changedAt('package-lock.json')
}

async function install() {
  const version = /\bnpm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '')?.[1]
  if (version !== undefined && Number(version) < oldestNpm) {
    throw new SetupFault(
      `npm ${version} is too old for this project. Update it: npm install --global npm@latest`,
    )
  }
  const [program, first] = npm()
  const { code, output } = await step(
    'Installing the dependencies, half a minute the first time',
    program,
    [...first, 'ci', ...flags],
    { shell: first.length === 0 && process.platform === 'win32' },
  )
  if (code !== 0) throw new SetupFault(`${firstLines(output)}\n\n${advice(output)}`)
}

const flags = [
  // Tools of development are needed to build and to test, and Node itself comes as an optional dependency, whatever
  // NODE_ENV or the machine's npm settings say.
  '--include=dev',
  '--include=optional',
  // Four attempts in 13 seconds: npm's own pace takes over a minute to find that there is no network.
  '--fetch-retries=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-factor=3',
  '--loglevel=error',
  '--no-audit',
  '--no-fund',
]

/** The npm that runs this script, or else the one on the PATH. */
function npm() {
  const running = process.env.npm_execpath
  return running !== undefined && basename(running).startsWith('npm')
    ? [process.execPath, [running]]
    : ['npm', []]
}

/** Npm's reason stands at the top; its manual page follows, and where in npm it arose is nothing to act on. */
function firstLines(output) {
  const lines = output.trim().split('\n')
  return lines
    .filter((line) => !/^npm error\s+at /.test(line))
    .slice(0, 10)
    .join('\n')
}

function advice(output) {
  const [, said] = knownFaults.find(([pattern]) => pattern.test(output)) ?? []
  return said ?? 'The dependencies could not be installed; what npm said stands above. Nothing was started.'
}

const knownFaults = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/,
    'The npm registry cannot be reached. The first start needs it, later ones do not: check the network (behind a ' +
      'proxy: npm config set proxy http://…) and start again.',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|CERT_/,
    'The certificate of the npm registry is not trusted here: set NODE_EXTRA_CA_CERTS.',
  ],
  [/ENOSPC/, 'The disk is full. The dependencies need about 1 GB.'],
  [/EACCES|EPERM|EROFS/, 'This folder cannot be written to by this user. Own the clone, then start again.'],
  [/spawn npm ENOENT|npm: not found/, 'npm is not on the PATH. It comes with Node: https://nodejs.org'],
  [
    /EUSAGE/,
    'package.json and package-lock.json do not belong together: run npm install, or check out both again.',
  ],
]
