/**
 * The shell of somebody who follows a guide: its blocks are run one after the other in one bash, in a directory of its own. There
 * is no internet: `npm` there knows what the guide asks of it, and finds packages where the tests have them.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Step } from './guide.ts'

export interface Ran {
  readonly step: Step
  /** Both streams together. */
  readonly printed: string
  /** Undefined: it did not come to an end in time. */
  readonly exitCode: number | undefined
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** What the packages that a guide installs need of others. */
const neededByThem = ['@stablelib/base64', 'fast-sha256']

/** `install NAME …` and `run --silent token -- …`, as npm does them; each package is linked by itself. */
const npm = `#!/usr/bin/env bash
case "$1 $2 $3" in
  'run --silent token') shift 4; cd '${root}' && exec node src/cli/token.ts "$@" ;;
  install*)
    shift
    for name in "$@" ${neededByThem.join(' ')}; do
      mkdir -p "node_modules/$(dirname "$name")"
      ln -s '${root}node_modules/'"$name" "node_modules/$name"
    done ;;
  *) echo "The guide asks npm for $*, which its test does not know" >&2; exit 1 ;;
esac
`

const longestMs = 90_000

/**
 * Runs them until one fails, and gives those that were begun.
 *
 * @param env beside PATH and HOME; of the server's database, for what works on it.
 * @param edit of each block, for what is elsewhere than the guide says.
 */
export async function follow(
  steps: readonly Step[],
  { env, edit }: { readonly env: Readonly<Record<string, string>>; edit(script: string): string },
): Promise<Ran[]> {
  await using home = await mkdtempDisposable(join(tmpdir(), 'slipstream-guide-'))
  const at = (name: string) => join(home.path, name)
  await mkdir(at('bin'))
  await mkdir(at('work'))
  await writeFile(at('bin/npm'), npm, { mode: 0o755 })
  for (const [index, { script }] of steps.entries()) await writeFile(at(`${index}.sh`), edit(script))
  const lines = steps.map((_, index) => {
    const file = at(`${index}`)
    return `. '${file}.sh' > '${file}.out' 2>&1 < /dev/null; code=$?; echo $code > '${file}.code'; [ $code = 0 ] || exit`
  })
  await writeFile(at('all.sh'), `${lines.join('\n')}\n`)
  const path = [at('bin'), dirname(process.execPath), process.env['PATH']].join(':')
  const shell = spawn('bash', [at('all.sh')], {
    cwd: at('work'),
    env: { PATH: path, HOME: home.path, NO_COLOR: '1', ...env },
    stdio: 'ignore',
    // A group of its own: what a block began and left running ends with it.
    detached: true,
  })
  const late = setTimeout(() => endGroup(shell.pid), longestMs)
  await once(shell, 'exit')
  clearTimeout(late)
  endGroup(shell.pid)
  const ran = await Promise.all(
    steps.map(async (step, index) => {
      const code = await readIfThere(at(`${index}.code`))
      const printed = await readIfThere(at(`${index}.out`))
      return { step, printed, exitCode: code ? Number(code) : undefined }
    }),
  )
  return ran.flatMap(({ printed, ...rest }) => (printed === undefined ? [] : [{ printed, ...rest }]))
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of it is there any more.
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined)
}
