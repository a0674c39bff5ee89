/** Which files of a directory are recordings, by their names: what they hold is what is to be found out. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export type Listing =
  | {
      readonly outcome: 'listed'
      /** Names, in order. */
      readonly recordings: readonly string[]
      readonly skipped: readonly string[]
    }
  | { readonly outcome: 'mistake'; readonly message: string }

export async function recordingsIn(directory: string): Promise<Listing> {
  let names: string[]
  try {
    names = (await readdir(directory)).sort()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT')
      return mistake(`There is no directory ${directory}. Give the one that your recordings are in.`)
    if (code === 'ENOTDIR') return mistake(`${directory} is a file. Give the directory that it is in.`)
    if (code === 'EACCES')
      return mistake(`${directory} may not be read. Give yourself the right to, or copy it.`)
    throw error
  }
  const recordings: string[] = []
  const skipped: string[] = []
  for (const name of names) {
    const isFile = (await stat(join(directory, name))).isFile()
    const list = isFile && /\.(fit|tcx|gpx)(\.gz)?$/i.test(name) ? recordings : skipped
    list.push(name)
  }
  if (recordings.length > 0) return { outcome: 'listed', recordings, skipped }
  return mistake(`There is no recording in ${directory}: no file named .fit, .tcx or .gpx, nor .gz of these.`)
}

function mistake(message: string): Listing {
  return { outcome: 'mistake', message }
}
