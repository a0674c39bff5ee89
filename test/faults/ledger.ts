/**
 * What the clients of a run know: which commands they sent, and what they were told. At the end the log is held against
 * it.
 */
import { createHash } from 'node:crypto'

export type Defect = 'lost' | 'duplicated' | 'hole' | 'diverged' | 'stalled' | 'broken'

export interface Finding {
  readonly defect: Defect
  /** A sentence that says where. */
  readonly what: string
}

/** A command that was acknowledged at least once. */
export interface Acknowledged {
  readonly rideId: string
  readonly eventId: string
  readonly version: number
  /** Of the event that it must have made. */
  readonly type: string
  /** Of its positions, where it has any. */
  readonly digest: string | undefined
}

export interface Ledger {
  /** Counted by what happened: `sent`, `acknowledged`, `kills of api`. */
  readonly counts: Map<string, number>
  readonly findings: Finding[]
  /** By the ids of ride and event. */
  readonly acknowledged: Map<string, Acknowledged>
  /** Commands that must have left nothing behind. */
  readonly refused: Set<string>
  /** By ride, the id of the command that deleted it or may have. Its answer can only be had once. */
  readonly deletions: Map<string, string>
  /** Rides whose start was acknowledged, and whether their end was. */
  readonly rides: Map<string, { ended: boolean }>
  count(what: string, by?: number): void
  find(defect: Defect, what: string): void
  /** Every acknowledgement of a command must name the same version. */
  acknowledge(command: Acknowledged): void
}

export const keyOf = (rideId: string, eventId: string) => `${rideId} ${eventId}`

export function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64')
}

export function openLedger(): Ledger {
  const counts = new Map<string, number>()
  const findings: Finding[] = []
  const acknowledged = new Map<string, Acknowledged>()
  const count = (what: string, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by)
  const find = (defect: Defect, what: string) => void findings.push({ defect, what })
  return {
    counts,
    findings,
    acknowledged,
    refused: new Set(),
    deletions: new Map(),
    rides: new Map(),
    count,
    find,
    acknowledge(command) {
      const key = keyOf(command.rideId, command.eventId)
      const before = acknowledged.get(key)
      if (before === undefined) {
        acknowledged.set(key, command)
        count('acknowledged')
      } else {
        count('answered again')
        if (before.version !== command.version) {
          const versions = `${before.version} and ${command.version}`
          find('duplicated', `${command.type} ${key} was acknowledged as versions ${versions}`)
        }
      }
    },
  }
}
