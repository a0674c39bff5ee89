/**
 * The credentials that this process knows: who brings one of them again is known without a question to the database. One that is
 * revoked is struck off at once in the process where that is done, and in others when they are told or next look.
 *
 *   unknown ── looked up ──► good ── expired, revoked ──► struck off: whoever brings it is looked up again, and who was let in
 *      │                                                  with it before is no longer current
 *      └──────────────────► no good: not looked up again for a few seconds
 */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Scope, Viewer } from '#rights/viewer.ts'

export interface Holder {
  /** What revocations name. */
  readonly credentialId: string
  readonly riderId: string
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null
  /** Who is counted together. */
  readonly limitKey: string
  /** Of keys and tokens: what is made with one ends with it. */
  readonly boundTo?: { readonly keyId?: string }
}

export interface Good {
  readonly outcome: 'known'
  readonly viewer: Viewer
  readonly holder: Holder
}

export type Answer =
  | Good
  /** It is no good. The sentence says what to do. */
  | { readonly outcome: 'refused'; readonly message: string }
  /** The database, or the issuer, does not answer. */
  | { readonly outcome: 'unavailable' }

export type LookUp = () => Promise<Holder | { readonly refused: string } | 'unavailable'>

const mostKnown = 10_000
const mostRefused = 10_000
/** Who sends what is no good again and again asks the database once in this time. */
const refusedForMs = 5_000

export class Known {
  readonly #now: () => number
  readonly #good = new LRUCache<string, Entry>({ max: mostKnown })
  readonly #refused: LRUCache<string, Answer>
  readonly #pending = new Map<string, Promise<Answer>>()
  /** How often something was struck off, */
  #strikes = 0
  /** at which of these times each was that may be being looked up, */
  readonly #struckOff = new Map<string, number>()
  /** and at which all of them were. */
  #allStruckOff = 0
  /** All that somebody still holds a viewer of, also what was crowded out above. */
  readonly #held = new Map<string, Set<WeakRef<Entry>>>()
  readonly #letGo = new FinalizationRegistry<{ id: string; entry: WeakRef<Entry> }>(({ id, entry }) =>
    this.#forget(id, entry),
  )

  constructor(now: () => number) {
    this.#now = now
    this.#refused = new LRUCache({ max: mostRefused, ttl: refusedForMs })
  }

  /** A promise only where it has to be looked up. The credential itself is not kept, only its hash. */
  find(credential: string, lookUp: LookUp): Answer | Promise<Answer> {
    const key = hash('sha256', credential, 'base64')
    const known = this.#good.get(key)
    if (known !== undefined) {
      if (known.isCurrent()) return known.answer
      this.#good.delete(key)
    }
    return this.#refused.get(key) ?? this.#pending.get(key) ?? this.#look(key, lookUp)
  }

  /** Strikes off what is revoked: what was looked up before this. */
  revoke(credentialIds: Iterable<string>): void {
    this.#strikes++
    for (const id of credentialIds) {
      if (this.#pending.size > 0) this.#struckOff.set(id, this.#strikes)
      for (const reference of this.#held.get(id) ?? []) {
        const entry = reference.deref()
        if (entry !== undefined) entry.isRevoked = true
      }
    }
  }

  /** Where it cannot be said what is revoked. */
  revokeAll(): void {
    this.revoke([...this.#held.keys()])
    this.#allStruckOff = this.#strikes
  }

  #look(key: string, lookUp: LookUp): Promise<Answer> {
    const looking = this.#lookedUp(key, lookUp).finally(() => {
      this.#pending.delete(key)
      if (this.#pending.size === 0) this.#struckOff.clear()
    })
    this.#pending.set(key, looking)
    return looking
  }

  /** What is struck off while it is looked up may have been read before it was revoked: it is looked up again. */
  async #lookedUp(key: string, lookUp: LookUp): Promise<Answer> {
    for (;;) {
      const strikes = this.#strikes
      const found = await lookUp()
      const isStruckOff =
        typeof found === 'object' &&
        'credentialId' in found &&
        Math.max(this.#allStruckOff, this.#struckOff.get(found.credentialId) ?? 0) > strikes
      if (!isStruckOff) return this.#take(key, found)
    }
  }

  #take(key: string, found: Awaited<ReturnType<LookUp>>): Answer {
    if (found === 'unavailable') return { outcome: 'unavailable' }
    if ('refused' in found) {
      const answer: Answer = { outcome: 'refused', message: found.refused }
      this.#refused.set(key, answer)
      return answer
    }
    const entry = new Entry(found, this.#now)
    const reference = new WeakRef(entry)
    const { credentialId: id } = found
    const held = this.#held.get(id)
    if (held === undefined) this.#held.set(id, new Set([reference]))
    else held.add(reference)
    this.#letGo.register(entry, { id, entry: reference })
    this.#good.set(key, entry)
    return entry.answer
  }

  #forget(id: string, entry: WeakRef<Entry>): void {
    const held = this.#held.get(id)
    held?.delete(entry)
    if (held?.size === 0) this.#held.delete(id)
  }
}

class Entry {
  readonly answer: Good
  readonly #expiresAt: number
  readonly #now: () => number
  isRevoked = false

  constructor(holder: Holder, now: () => number) {
    const { riderId, scopes, expiresAt, limitKey, boundTo } = holder
    this.#expiresAt = expiresAt ?? Number.POSITIVE_INFINITY
    this.#now = now
    const viewer: Viewer = {
      riderId,
      scopes: new Set(scopes),
      isCurrent: () => this.isCurrent(),
      limitKey,
      ...(boundTo && { boundTo: { ...boundTo, expiresAt } }),
    }
    this.answer = { outcome: 'known', viewer, holder }
  }

  isCurrent(): boolean {
    return !this.isRevoked && this.#now() < this.#expiresAt
  }
}
