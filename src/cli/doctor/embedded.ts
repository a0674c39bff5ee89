/** The embedded database: whether there is one, and what it is not for. */
import { statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { dataDirectory, exists } from '#database/embedded/directory.ts'
import { type EmbeddedDatabase, openEmbedded } from '#database/embedded.ts'
import { type Finding, findingsAbout } from './finding.ts'

const { doubtful, good } = findingsAbout('Database')

/** Opening takes seconds, more on a busy machine; longer than that somebody else holds it and does not answer. */
const opensWithinMs = 40_000

/** Joins the server that has it open, or opens it; undefined where none was made yet, and none is made. */
export async function openExisting(directory: string): Promise<EmbeddedDatabase | undefined> {
  const root = resolve(directory)
  if (!(await exists(dataDirectory(root).postgres))) return undefined
  const signal = AbortSignal.timeout(opensWithinMs)
  try {
    return await openEmbedded({ directory: root, signal })
  } catch (error) {
    throw signal.aborted ? new Error(`it did not open within ${opensWithinMs / 1_000} s.`) : error
  }
}

export function judgeEmbedded(isThere: boolean): Finding {
  return isThere
    ? doubtful(
        'It is the embedded one, which survives the death of the process and not a power cut.',
        'To keep what matters set DATABASE_URL to a PostgreSQL server.',
      )
    : doubtful('There is no embedded database yet.', 'The first start makes one: npm start')
}

/** Whoever asks is its owner for that moment where nobody else has it open. */
export function judgeHolder({ owner }: EmbeddedDatabase): Finding {
  return good(owner ? 'No process of Slipstream works on it now.' : 'A process of Slipstream has it open.')
}

/** Undefined where the directory is not there. */
export async function freeBytes(directory: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch {
    return undefined
  }
}
