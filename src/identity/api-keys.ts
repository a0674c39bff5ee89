/** API keys: what a program brings in place of a rider. A secret is shown once; what is kept is its hash. */
import { createHash, randomBytes } from 'node:crypto'
import { type ConnectionPool, type Queryable, sql } from '@databases/pg'
import type { Scope } from '#rights/viewer.ts'

export interface ApiKey {
  readonly id: string
  readonly name: string
  /** The secret's first characters. */
  readonly prefix: string
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  readonly expiresAt: number | null
  /** To within a minute. */
  readonly lastUsedAt: number | null
}

export interface NewApiKey {
  readonly riderId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
  /** The key that it is made with, where it is: both end together. */
  readonly madeWith?: string | undefined
}

export interface MadeApiKey {
  /** Shown now and never again. */
  readonly secret: string
  readonly key: ApiKey
}

export type Making =
  | ({ readonly outcome: 'made' } & MadeApiKey)
  /** The rider has `mostKeys`. */
  | { readonly outcome: 'too many' }

/** What a request needs to know of a key. */
export interface KeyHolder {
  readonly keyId: string
  readonly riderId: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
}

export interface ApiKeys {
  /** Those of a rider that are not revoked, the newest first. */
  of(riderId: string): Promise<ApiKey[]>
  make(key: NewApiKey): Promise<Making>
  /** With all that were made with it. Once more is the same; undefined where the rider has no such key. */
  revoke(riderId: string, id: string): Promise<{ readonly revoked: readonly string[] } | undefined>
}

/** Nobody looks through more, and each costs the database a row. */
export const mostKeys = 100

const beginning = 'slip_'
/** 256 bits, as base64url. */
const secretShape = /^slip_[\w-]{43}$/
const shownCharacters = beginning.length + 4

/** Whether a text can be a key at all: what cannot costs no look at the database. */
export function isApiKey(text: string): boolean {
  return secretShape.test(text)
}

/** Plain SHA-256: there are no dictionaries of 256 random bits. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

export function openApiKeys(database: ConnectionPool): ApiKeys {
  return {
    of: (riderId) => keysOf(database, riderId),
    make: (key) => makeKey(database, key),
    revoke: (riderId, id) => revokeKey(database, riderId, id),
  }
}

interface Row {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly Scope[]
  readonly created_at: number
  readonly expires_at: number | null
  readonly last_used_at: number | null
}

async function keysOf(database: Queryable, riderId: string): Promise<ApiKey[]> {
  const rows: Row[] = await database.query(sql`
    select ${columns} from api_keys
     where rider_id = ${riderId} and revoked_at is null order by created_at desc, id`)
  return rows.map(keyOf)
}

/** The rider has to be there. */
export async function makeKey(
  database: Queryable,
  { riderId, name, scopes, expiresAt, madeWith }: NewApiKey,
): Promise<Making> {
  const secret = `${beginning}${randomBytes(32).toString('base64url')}`
  const rows: Row[] = await database.query(sql`
    insert into api_keys (rider_id, name, secret_hash, prefix, scopes, made_with, expires_at)
    select ${riderId}, ${name}, ${hashOf(secret)}, ${secret.slice(0, shownCharacters)}, ${[...scopes]}::text[],
           ${madeWith ?? null}::uuid, to_timestamp(${expiresAt === null ? null : expiresAt / 1000})
     where (select count(*) from api_keys where rider_id = ${riderId} and revoked_at is null) < ${mostKeys}
    returning ${columns}`)
  const [row] = rows
  return row === undefined ? { outcome: 'too many' } : { outcome: 'made', secret, key: keyOf(row) }
}

async function revokeKey(
  database: Queryable,
  riderId: string,
  id: string,
): Promise<{ readonly revoked: readonly string[] } | undefined> {
  const rows: { id: string }[] = await database.query(sql`
    with recursive those (id) as (
      select id from api_keys where rider_id = ${riderId} and id = ${id}
      union
      select k.id from api_keys k join those on k.made_with = those.id
    )
    update api_keys k set revoked_at = coalesce(k.revoked_at, now()) from those where k.id = those.id
    returning k.id`)
  return rows.length === 0 ? undefined : { revoked: rows.map(({ id }) => id) }
}

export async function holderOf(database: Queryable, secretHash: Buffer): Promise<KeyHolder | undefined> {
  const rows: {
    id: string
    rider_id: string
    scopes: readonly Scope[]
    expires_at: number | null
  }[] = await database.query(sql`
    select id, rider_id, scopes, ${milliseconds('expires_at')} from api_keys
     where secret_hash = ${secretHash} and revoked_at is null and (expires_at is null or expires_at > now())`)
  const [row] = rows
  return row && { keyId: row.id, riderId: row.rider_id, scopes: row.scopes, expiresAt: row.expires_at }
}

/** Several processes may say so of one key: it moves on at most once a minute. */
export async function wereUsed(database: Queryable, keyIds: readonly string[]): Promise<void> {
  await database.query(sql`
    update api_keys set last_used_at = now()
     where id = any(${[...keyIds]}::uuid[]) and (last_used_at is null or last_used_at < now() - interval '55 s')`)
}

const columns = sql`id, name, prefix, scopes, ${milliseconds('created_at')}, ${milliseconds('expires_at')},
  ${milliseconds('last_used_at')}`

function milliseconds(column: string) {
  return sql`(extract(epoch from ${sql.ident(column)}) * 1000)::double precision as ${sql.ident(column)}`
}

function keyOf(row: Row): ApiKey {
  const { id, name, prefix, scopes, created_at, expires_at, last_used_at } = row
  return {
    ...{ id, name, prefix, scopes },
    createdAt: created_at,
    expiresAt: expires_at,
    lastUsedAt: last_used_at,
  }
}
