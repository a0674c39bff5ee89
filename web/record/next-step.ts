/** What a recording has to send next, and when: uploads are gathered while the ride goes on, so that the radio may rest. */
import type { Recording, Step } from './recording.ts'

/**
 * The API takes four times as many in one upload. These are some 40 kB: at the edge of a network, at 11 kbit/s, they are there
 * before they are given up (`send-step.ts`), and what waits from hours without a network becomes less.
 */
export const mostPositions = 250
/** Watchers see a rider move this often; the phone's radio rests between. */
const gatherMs = 5_000

export type SentStep = Exclude<Step, { kind: 'upload' }> | (Step & { kind: 'upload'; id: string })

export type NextStep =
  | { readonly kind: 'nothing' }
  /** Positions wait for others to come. */
  | { readonly kind: 'wait'; readonly forMs: number }
  /** To be written down first: so many positions become an upload with an id of its own. */
  | { readonly kind: 'make upload'; readonly count: number }
  | { readonly kind: 'send'; readonly step: SentStep }

/** @param lastUploadMs when the last upload was sent, by the same clock as `nowMs`; null: none was. */
export function nextStep(
  { waiting, stopped, status }: Recording,
  nowMs: number,
  lastUploadMs: number | null,
): NextStep {
  const [first, second] = waiting
  if (first === undefined || stopped !== null) return { kind: 'nothing' }
  if (first.kind !== 'upload') return { kind: 'send', step: first }
  const { id, count } = first
  if (id !== null) return { kind: 'send', step: { ...first, id } }
  const mayGrow = second === undefined && status === 'ACTIVE' && count < mostPositions
  const forMs = lastUploadMs === null ? 0 : lastUploadMs + gatherMs - nowMs
  // A clock that was set back would have it wait for hours.
  if (mayGrow && forMs > 0) return { kind: 'wait', forMs: Math.min(forMs, gatherMs) }
  return { kind: 'make upload', count: Math.min(count, mostPositions) }
}
