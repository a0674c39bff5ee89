/**
 * Pieces of a plan as bytes, positions column by column as the log writes them: some 30 bytes a position where objects take
 * 200. So the whole plan of a file may wait in memory, outside of the heap, until the log has taken it.
 */

import type { Step } from '#recordings/plan.ts'
import { decodePositions, encodePositions, type PositionColumns } from '#ride/encoding.ts'

type Upload = Extract<Step, { kind: 'upload' }>
type EncodedStep =
  | Exclude<Step, Upload>
  | (Omit<Upload, 'positions'> & { readonly positions: PositionColumns })

export function encodePiece(steps: readonly Step[]): Uint8Array<ArrayBuffer> {
  const encoded = steps.map(
    (step): EncodedStep =>
      step.kind === 'upload' ? { ...step, positions: encodePositions(step.positions) } : step,
  )
  return new TextEncoder().encode(JSON.stringify(encoded))
}

/** The steps, rounded as they are in the log: the same position has the same content however it came. */
export function decodePiece(bytes: Uint8Array): readonly Step[] {
  const encoded: readonly EncodedStep[] = JSON.parse(new TextDecoder().decode(bytes))
  return encoded.map((step) =>
    step.kind === 'upload' ? { ...step, positions: decodePositions(step.positions) } : step,
  )
}
