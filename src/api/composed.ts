/**
 * Queries that are composed once for the tables that are served, and then only asked with other values: composing
 * the one for a page of rides takes as long as reading it does.
 */
import { type Compilable, type CompiledQuery, type Kysely, type RawBuilder, sql } from 'kysely'
import type { ReadTables } from '#projections/tables.ts'

/** Stands in a query for a value that is known when it is asked. */
class Blank<Values> {
  readonly fill: (values: Values) => unknown
  constructor(fill: (values: Values) => unknown) {
    this.fill = fill
  }
}

export type BlankFor<Values> = <Value>(fill: (values: Values) => Value) => RawBuilder<Value>

/**
 * `compose` is called once for each of the shapes that the query comes in,
 * and anew when other tables are served; there have to be few.
 */
export function composed<Shape, Values, Row>(
  compose: (read: Kysely<ReadTables>, shape: Shape, blank: BlankFor<Values>) => Compilable<Row>,
): (read: Kysely<ReadTables>, shape: Shape, values: Values) => Promise<Row[]> {
  const made = new WeakMap<Kysely<ReadTables>, Map<string, CompiledQuery<Row>>>()
  function queryOf(read: Kysely<ReadTables>, shape: Shape): CompiledQuery<Row> {
    const queries = made.get(read) ?? new Map<string, CompiledQuery<Row>>()
    made.set(read, queries)
    const key = JSON.stringify(shape)
    const query = queries.get(key) ?? compose(read, shape, (fill) => sql`${new Blank(fill)}`).compile()
    queries.set(key, query)
    return query
  }
  return async (read, shape, values) => {
    const query = queryOf(read, shape)
    const parameters = query.parameters.map((each) => (each instanceof Blank ? each.fill(values) : each))
    return (await read.executeQuery<Row>({ ...query, parameters })).rows
  }
}
