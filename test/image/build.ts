/**
 * The image without Docker: the steps of the Dockerfile in clean directories, one a stage, with the files that .dockerignore lets
 * through. What lies below the stages (Debian, Node) is this machine's; paths that begin at the root begin at the stage's.
 */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createFilter, parseDockerfile, type Stage } from './dockerfile.ts'

export interface Image extends AsyncDisposable {
  /** Where its files are, Debian's and Node's not among them. */
  readonly root: string
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
  /** Who runs it: nobody, where the tests are run by root; else the same as they. */
  readonly user: { readonly uid?: number; readonly gid?: number }
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
  /** Of the files in `root`. */
  readonly bytes: number
}

interface Built {
  readonly root: string
  directory: string
  env: Record<string, string>
  command: readonly string[]
  healthcheck: readonly string[]
}

const source = resolve(import.meta.dirname, '../..')
/** Debian's `nobody`. */
const nobody = 65_534

export async function buildImage(): Promise<Image> {
  const isRoot = process.getuid?.() === 0
  const owner = isRoot ? nobody : (process.getuid?.() ?? 0)
  const group = isRoot ? nobody : (process.getgid?.() ?? 0)
  const base = await mkdtemp(join(tmpdir(), 'slipstream-image-'))
  await chmod(base, 0o755)
  const dispose = () => rm(base, { recursive: true, force: true })
  try {
    const lets = createFilter(await readFile(join(source, '.dockerignore'), 'utf8'))
    const stages = parseDockerfile(await readFile(join(source, 'Dockerfile'), 'utf8'))
    /** Side by side, as Docker does; each waits for those that it takes from. */
    const built = new Map<string, Promise<Built>>()
    let runsAs: string | undefined
    const all = stages.map((stage, index) => {
      const building = buildStage(stage, join(base, String(index)))
      if (stage.name !== '') built.set(stage.name, building)
      return building
    })
    const last = (await Promise.all(all)).at(-1)
    if (last === undefined || runsAs !== 'node') throw new Error('The image does not run as the user `node`')
    const { root, directory, env, command, healthcheck } = last
    // Where the tests' own is may be closed to others.
    const node = join(base, 'node')
    await copyFile(process.execPath, node, constants.COPYFILE_FICLONE)
    const withNode = (words: readonly string[]) => words.map((word) => (word === 'node' ? node : word))
    return {
      ...{ root, directory: join(root, directory), bytes: await bytesIn(root) },
      env: Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.startsWith('/') ? join(root, value) : value]),
      ),
      user: isRoot ? { uid: owner, gid: group } : {},
      command: withNode(command),
      healthcheck: withNode(healthcheck),
      [Symbol.asyncDispose]: dispose,
    }

    async function buildStage({ from, steps }: Stage, root: string): Promise<Built> {
      const below = await built.get(from)
      if (below === undefined) await mkdir(root)
      else await cp(below.root, root, { recursive: true, verbatimSymlinks: true })
      const stage: Built = {
        ...{ root, directory: '/', env: {}, command: [], healthcheck: [] },
        ...(below && { directory: below.directory, env: { ...below.env } }),
      }
      for (const step of steps) {
        const here = join(root, stage.directory)
        switch (step.kind) {
          case 'workdir':
            stage.directory = step.path
            await mkdir(join(root, step.path), { recursive: true })
            break
          case 'copy':
            await copy(step, here)
            break
          case 'run':
            await run(step.command, root, here)
            break
          case 'env':
            Object.assign(stage.env, step.values)
            break
          case 'user':
            runsAs = step.name
            break
          case 'healthcheck':
            stage.healthcheck = step.command
            break
          case 'cmd':
            stage.command = step.command
            break
        }
      }
      return stage
    }

    async function copy(
      { from, sources, target }: Extract<Stage['steps'][number], { kind: 'copy' }>,
      here: string,
    ): Promise<void> {
      for (const each of sources) {
        const origin = from === undefined ? join(source, each) : join((await built.get(from))!.root, each)
        const isDirectory = (await stat(origin)).isDirectory()
        // A directory's content goes into the target; a file into the directory that a slash stands behind.
        const place =
          isDirectory || !target.endsWith('/') ? join(here, target) : join(here, target, basename(each))
        await mkdir(dirname(place), { recursive: true })
        await cp(origin, place, {
          recursive: true,
          verbatimSymlinks: true,
          filter: (path) => from !== undefined || path === origin || lets(path.slice(source.length + 1)),
        })
        if (from === undefined && !lets(each)) throw new Error(`.dockerignore keeps ${each} out`)
      }
    }

    /** Absolute paths are the stage's, and its user `node` is whoever runs it. */
    async function run(command: string, root: string, here: string): Promise<void> {
      const own = command
        .replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`)
        .replaceAll('--owner=node', `--owner=${owner}`)
        .replaceAll('--group=node', `--group=${group}`)
      await promisify(execFile)('sh', ['-c', own], {
        cwd: here,
        env: { ...process.env, NODE_ENV: '', npm_config_prefer_offline: 'true' },
        maxBuffer: 16 * 1024 * 1024,
      })
      if (isRoot) await chown(root, 0, 0)
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function bytesIn(directory: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  }
  return bytes
}
