/**
 * How much of everything each credential may use in a time, and without one each address. Counted in this process alone: of
 * several behind a proxy each counts what comes to it.
 */
import { LRUCache } from 'lru-cache'
import type { Allowance as OperationAllowance } from '#api/allowance.ts'
import { localRider, type Viewer } from '#rights/viewer.ts'
import { blockOf } from './address.ts'
import { full, type Rate, remaining, take } from './bucket.ts'
import type { LimitSettings } from './settings.ts'

export interface Rates {
  /** Undefined where nothing is counted: the local rider. Requests, cost and positions are a credential's; what is under way is its rider's. */
  of(viewer: Viewer): Allowance | undefined
}

/** What one has left. Each `take` says after how many seconds it may be tried again; undefined: it was taken. */
export interface Allowance extends OperationAllowance {
  takeRequest(): number | undefined
  /** After how many seconds a request would be taken; undefined: now. */
  untilRequest(): number | undefined
  /** Of an answer: how it stands with the requests. */
  headers(): Readonly<Record<string, string>>
}

type RateSettings = Pick<
  LimitSettings,
  'cost' | 'requestsPerMinute' | 'costPerMinute' | 'positionsPerSecond' | 'anonymousRequestsPerMinute'
>

/** Some 200 bytes each. Who is forgotten has a full allowance: it had asked for nothing for long. */
const mostAllowances = 100_000
const minuteMs = 60_000
/** What was recorded offline comes at once. */
const positionsWindowMs = 10_000
/**
 * Under way at the same time, by what one operation may cost: one of the dearest, or fifty pages. With more of them one rider would
 * take the connections to the database from all others, and have them wait until his are answered: of a hundred pages 0.1 s.
 */
const operationsUnderWay = 1
/** Of one who is not signed in: a request may be a page of the list, not all of them. */
const costOfAnonymousRequest = 100

/** @param now milliseconds of a clock that is never set back. */
export function openRates(settings: RateSettings, now: () => number = () => performance.now()): Rates {
  const signedIn: Quotas = {
    ...requestsOf(settings.requestsPerMinute),
    cost: { quota: settings.costPerMinute, windowMs: minuteMs },
    positions: {
      quota: (settings.positionsPerSecond * positionsWindowMs) / 1_000,
      windowMs: positionsWindowMs,
    },
  }
  const anonymous: Quotas = {
    ...signedIn,
    ...requestsOf(settings.anonymousRequestsPerMinute),
    cost: { quota: settings.anonymousRequestsPerMinute * costOfAnonymousRequest, windowMs: minuteMs },
  }
  const allowances = new LRUCache<string, Allowance>({ max: mostAllowances })
  const underWay = openUnderWay(operationsUnderWay * settings.cost)
  return {
    of(viewer) {
      if (isUncounted(viewer)) return undefined
      const { riderId, limitKey } = viewer
      const key = riderId === null ? blockOf(limitKey) : limitKey
      let allowance = allowances.get(key)
      if (allowance === undefined) {
        allowance = new Counted(riderId === null ? anonymous : signedIn, underWay(countedKey(viewer)), now)
        allowances.set(key, allowance)
      }
      return allowance
    },
  }
}

/** Whoever has the machine can do what he likes with it. */
export function isUncounted({ limitKey }: Viewer): boolean {
  return limitKey === localRider.limitKey
}

/** Whose use at the same time is counted together: a rider's, whichever of his keys it is by. */
export function countedKey({ riderId, limitKey }: Viewer): string {
  return riderId === null ? blockOf(limitKey) : `rider ${riderId}`
}

type UnderWay = Pick<Allowance, 'enter' | 'leave'>

function openUnderWay(most: number): (key: string) => UnderWay {
  const costs = new Map<string, number>()
  return (key) => ({
    enter(cost) {
      const before = costs.get(key) ?? 0
      if (before + cost > most) return false
      costs.set(key, before + cost)
      return true
    },
    leave(cost) {
      const left = (costs.get(key) ?? 0) - cost
      if (left > 0) costs.set(key, left)
      else costs.delete(key)
    },
  })
}

interface Quotas {
  readonly requests: Rate
  /** How it is said in headers. */
  readonly limit: string
  readonly policy: string
  readonly cost: Rate
  readonly positions: Rate
}

function requestsOf(perMinute: number): Pick<Quotas, 'requests' | 'limit' | 'policy'> {
  return {
    requests: { quota: perMinute, windowMs: minuteMs },
    limit: String(perMinute),
    policy: `${perMinute};w=${minuteMs / 1_000}`,
  }
}

class Counted implements Allowance {
  readonly #quotas: Quotas
  readonly enter: UnderWay['enter']
  readonly leave: UnderWay['leave']
  readonly #now: () => number
  #requests = full
  #cost = full
  #positions = full

  constructor(quotas: Quotas, { enter, leave }: UnderWay, now: () => number) {
    this.#quotas = quotas
    this.enter = enter
    this.leave = leave
    this.#now = now
  }

  takeRequest(): number | undefined {
    const taking = take(this.#requests, 1, this.#quotas.requests, this.#now())
    if (taking.outcome === 'refused') return seconds(taking.retryAfterMs)
    this.#requests = taking.fullAt
    return undefined
  }

  untilRequest(): number | undefined {
    const taking = take(this.#requests, 1, this.#quotas.requests, this.#now())
    return taking.outcome === 'refused' ? seconds(taking.retryAfterMs) : undefined
  }

  takeCost(cost: number): number | undefined {
    const taking = take(this.#cost, cost, this.#quotas.cost, this.#now())
    if (taking.outcome === 'refused') return seconds(taking.retryAfterMs)
    this.#cost = taking.fullAt
    return undefined
  }

  takePositions(count: number): number | undefined {
    const taking = take(this.#positions, count, this.#quotas.positions, this.#now())
    if (taking.outcome === 'refused') return seconds(taking.retryAfterMs)
    this.#positions = taking.fullAt
    return undefined
  }

  headers(): Readonly<Record<string, string>> {
    const { requests, limit, policy } = this.#quotas
    if (requests.quota === Number.POSITIVE_INFINITY) return none
    const now = this.#now()
    return {
      'ratelimit-limit': limit,
      'ratelimit-remaining': String(remaining(this.#requests, requests, now)),
      'ratelimit-reset': String(Math.ceil(Math.max(0, this.#requests - now) / 1_000)),
      'ratelimit-policy': policy,
    }
  }
}

const none = {}

/** In tenths, never too early. */
function seconds(ms: number): number {
  return Math.ceil(ms / 100) / 10
}
