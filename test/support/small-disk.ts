/** A disk that can be filled up: a file system of a few megabytes in memory. Mounting one needs root. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { chmod, mkdtemp, open, rm, rmdir, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface SmallDisk extends AsyncDisposable {
  readonly directory: string
  free(): Promise<number>
  /** Puts a file on it that leaves so many bytes free. */
  fill(leave: number): Promise<void>
  /** Removes that file. */
  makeRoom(): Promise<void>
}

const run = promisify(execFile)

/** Whether this user may mount anything: root may, where nothing forbids it. */
export function mayMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'slipstream-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    rmdirSync(directory)
  }
}

export async function mountSmallDisk(bytes: number): Promise<SmallDisk> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', directory])
  mounted.add(directory)
  await chmod(directory, 0o777)
  const ballast = join(directory, 'ballast')
  const free = async () => {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  }
  return {
    directory,
    free,
    async fill(leave) {
      await using file = await open(ballast, 'a')
      const block = Buffer.alloc(64 * 1024)
      try {
        for (let left = (await free()) - leave; left > 0; left -= block.length) await file.write(block)
      } catch (error) {
        // Whoever writes to it as well was quicker: it is full.
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    },
    makeRoom: () => rm(ballast),
    async [Symbol.asyncDispose]() {
      // At once for whoever looks, and for good when nobody holds a file of it any more.
      await run('umount', ['--lazy', directory])
      mounted.delete(directory)
      await rmdir(directory)
    },
  }
}

const mounted = new Set<string>()

// A test process that ends in the middle disposes of nothing.
process.once('exit', () => {
  for (const directory of mounted) {
    execFileSync('umount', ['--lazy', directory])
    rmdirSync(directory)
  }
})
