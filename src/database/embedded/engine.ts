/**
 * PGlite with PostGIS, opened on a directory, as a thing that is given protocol messages and gives back
 * protocol messages. It runs in the calling thread and blocks it meanwhile, so it belongs in a worker.
 *
 * PGlite swallows whatever its WebAssembly throws and calls it again, without end when the instance has
 * exited (COPY FROM STDIN does that). So its main loop is watched here: a longjmp (thrown as a string) is an
 * ordinary SQL error, anything else means that the instance is lost.
 */
import { PGlite } from '@electric-sql/pglite'
import { postgis } from '@electric-sql/pglite-postgis'
import { query } from './protocol.ts'

export interface SimpleResult {
  /** The rows of all statements in order, values in text form. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly error?: string
}

export class Engine {
  readonly #pglite: PGlite

  private constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  /**
   * Opens the database in `directory`, creating it where there is none. `onLost` is called from within `run`
   * when the instance has stopped by itself; it must not return (end the thread).
   */
  static async open(directory: string, onLost: (reason: Error) => never): Promise<Engine> {
    const pglite = new PGlite({
      dataDir: directory,
      extensions: { postgis },
      // 16 MB instead of 128 costs no speed that could be measured at this size and saves 150 MB.
      startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
    })
    await pglite.waitReady
    const module = pglite.Module
    const once = module._PostgresMainLoopOnce
    module._PostgresMainLoopOnce = () => {
      try {
        once()
      } catch (thrown) {
        if (typeof thrown !== 'string') {
          onLost(new Error('The embedded PostgreSQL has stopped by itself.', { cause: thrown }))
        }
        throw thrown
      }
    }
    return new Engine(pglite)
  }

  /** Runs whole messages and returns all that the backend answers. Never throws for an SQL error. */
  run(messages: Buffer): Buffer {
    const chunks: Buffer[] = []
    // It works synchronously; the promise is for syncing a file system, which the one on disk does not need.
    void this.#pglite.execProtocolRawStream(messages, {
      syncToFs: false,
      // A view of WebAssembly memory: it must be copied before it is overwritten.
      onRawData: (bytes) => chunks.push(Buffer.from(bytes)),
    })
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }

  /** Runs SQL of the gateway's own. */
  query(sql: string): SimpleResult {
    const reply = this.run(query(sql))
    const rows: (string | null)[][] = []
    let error: string | undefined
    for (const { type, start, end } of replies(reply)) {
      if (type === 'D') rows.push(rowValues(reply.subarray(start, end)))
      if (type === 'E')
        error ??= reply
          .toString('utf8', start + 5, end)
          .split('\0')
          .join(' ')
    }
    return error === undefined ? { rows } : { rows, error }
  }

  async close(): Promise<void> {
    await this.#pglite.close()
  }
}

export interface Reply {
  /** The message's type, one letter. */
  readonly type: string
  /** Where it stands in the bytes, its header included. */
  readonly start: number
  readonly end: number
}

/** The messages in what `run` returned. */
export function* replies(bytes: Buffer): Generator<Reply> {
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + bytes.readInt32BE(start + 1)
    yield { type: String.fromCharCode(bytes[start]!), start, end }
    start = end
  }
}

/** "Int16 number of values; for each Int32 length (-1: null) and that many bytes." */
function rowValues(dataRow: Buffer): (string | null)[] {
  const values: (string | null)[] = []
  let at = 7
  for (let i = dataRow.readInt16BE(5); i > 0; i--) {
    const length = dataRow.readInt32BE(at)
    at += 4
    values.push(length < 0 ? null : dataRow.toString('utf8', at, at + Math.max(length, 0)))
    at += Math.max(length, 0)
  }
  return values
}
