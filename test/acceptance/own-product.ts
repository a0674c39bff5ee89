/** A Slipstream of the run's own, on a database that is gone at the end. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Product, startProduct } from '../support/product.ts'
import { statement } from '../support/statement.ts'

export interface OwnProduct extends AsyncDisposable {
  readonly url: URL
  readonly product: Product
}

/**
 * On the server of `databaseUrl`, else on an embedded database in a temporary directory; a string says why that server
 * cannot be used.
 */
export async function startOwnProduct(
  databaseUrl: string | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<OwnProduct | string> {
  await using opening = new AsyncDisposableStack()
  const database = databaseUrl ? await databaseOn(databaseUrl) : await embeddedDatabase()
  if (typeof database === 'string') return database
  opening.use(database)
  const product = opening.use(await startProduct({ env: { ...env, ...database.env } }))
  const open = opening.move()
  return { url: new URL(product.url), product, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

interface Database extends AsyncDisposable {
  readonly env: Readonly<Record<string, string>>
}

async function databaseOn(server: string): Promise<Database | string> {
  const name = `slipstream_accept_${randomBytes(4).toString('hex')}`
  const url = URL.parse(server)
  if (url === null)
    return 'DATABASE_URL must be an address such as postgres://user:password@localhost/postgres.'
  url.pathname = `/${name}`
  try {
    await statement(server, `create database ${name}`)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const reason = error.message || ('code' in error ? String(error.code) : error.name)
    return `The server of DATABASE_URL makes no database for this (${reason}). Its user needs the right to; leave DATABASE_URL unset to use an embedded one.`
  }
  return {
    env: { DATABASE_URL: url.href },
    // Where the product is still starting it has connections.
    [Symbol.asyncDispose]: async () => {
      await statement(server, `drop database if exists ${name} with (force)`)
    },
  }
}

async function embeddedDatabase(): Promise<Database> {
  const directory = await mkdtemp(join(tmpdir(), 'slipstream-accept-'))
  // A product that is killed still writes for a moment.
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  process.once('exit', remove)
  return {
    env: { DATA_DIR: directory },
    [Symbol.asyncDispose]: async () => {
      process.off('exit', remove)
      remove()
    },
  }
}
