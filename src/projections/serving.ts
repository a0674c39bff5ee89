/**
 * Which version of each projection is read. Queries name tables without a version; whoever reads asks for the
 * database once at the beginning and goes on with it: one request, one version. The pointer is read where the
 * tables are, so that a replica that lags behind is asked for what it has.
 */
import type { IdentifierNode, Kysely, KyselyPlugin, RootOperationNode, TableNode } from 'kysely'
import { OperationNodeTransformer } from 'kysely'
import type { Listener } from '#log/listener.ts'
import type { ReadTables } from './tables.ts'
import { projectionOfTable } from './tables.ts'

export interface Serving {
  /** The read tables as they are served now; for one request, or one look. */
  read(): Kysely<ReadTables>
  close(): void
}

export interface ServingOptions {
  readonly read: Kysely<ReadTables>
  readonly listener: Listener
  /** The pointer could not be read again; what was served goes on being served. */
  readonly onFault: (error: unknown) => void
}

/** A version that is no longer served stays for ten minutes: a hint that was lost does no harm. */
const backstopMs = 30_000

export async function openServing({ read, listener, onFault }: ServingOptions): Promise<Serving> {
  let versions = await readPointer()
  let current = tablesOf(versions)
  const refresh = () => void look().catch(onFault)
  const stopListening = listener.on('serving', refresh)
  const backstop = setInterval(refresh, backstopMs)

  async function readPointer(): Promise<ReadonlyMap<string, number>> {
    const rows = await read
      .selectFrom('projection_version')
      .select(['projection', 'version'])
      .where('state', '=', 'serving')
      .execute()
    return new Map(rows.map(({ projection, version }) => [projection, version]))
  }

  async function look(): Promise<void> {
    const now = await readPointer()
    if ([...now].every(([projection, version]) => versions.get(projection) === version)) return
    versions = now
    current = tablesOf(now)
  }

  function tablesOf(served: ReadonlyMap<string, number>): Kysely<ReadTables> {
    return read.withPlugin(new ServedVersions(served))
  }

  return {
    read: () => current,
    close() {
      stopListening()
      clearInterval(backstop)
    },
  }
}

/** Writes the version behind the name of each table that has one. */
class ServedVersions implements KyselyPlugin {
  readonly #transformer: VersionedNames
  constructor(versions: ReadonlyMap<string, number>) {
    this.#transformer = new VersionedNames(versions)
  }
  transformQuery({ node, queryId }: Parameters<KyselyPlugin['transformQuery']>[0]): RootOperationNode {
    return this.#transformer.transformNode(node, queryId)
  }
  async transformResult({ result }: Parameters<KyselyPlugin['transformResult']>[0]) {
    return result
  }
}

class VersionedNames extends OperationNodeTransformer {
  readonly #versions: ReadonlyMap<string, number>
  constructor(versions: ReadonlyMap<string, number>) {
    super()
    this.#versions = versions
  }
  protected override transformTable(node: TableNode): TableNode {
    const { identifier } = node.table
    const projection = projectionOfTable[identifier.name]
    const version = projection === undefined ? undefined : this.#versions.get(projection)
    if (version === undefined) return node
    const named: IdentifierNode = { ...identifier, name: `${identifier.name}_${version}` }
    return { ...node, table: { ...node.table, identifier: named } }
  }
}
