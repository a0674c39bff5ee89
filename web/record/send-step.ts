/** From a step of the queue to the mutation that it is. The same step is always the same request, or the server knows it not again. */
import type { Answer, Server } from '../graphql/client.ts'
import type { Result } from './answer.ts'
import {
  endRideMutation,
  pauseRideMutation,
  recordPositionsMutation,
  resumeRideMutation,
  startRideMutation,
} from './documents.ts'
import type { SentStep } from './next-step.ts'
import type { RideQueue } from './ride-queue.ts'

/** A phone that changed networks is not told that its connection is dead. What was done all the same is known by its id. */
const giveUpMs = 30_000

export async function sendStep(
  server: Pick<Server, 'mutate'>,
  step: SentStep,
  queue: Pick<RideQueue, 'recording' | 'taken'>,
): Promise<Answer<Result>> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<Answer<Result>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, failure: { kind: 'again', retryAfterMs: null } }), giveUpMs)
  })
  try {
    return await Promise.race([ask(server, step, queue), late])
  } finally {
    clearTimeout(timer)
  }
}

async function ask(
  server: Pick<Server, 'mutate'>,
  step: SentStep,
  { recording: { rideId, title, visibility, startedAt }, taken }: Pick<RideQueue, 'recording' | 'taken'>,
): Promise<Answer<Result>> {
  switch (step.kind) {
    case 'start': {
      const input = { rideId, title, visibility, startedAt: instant(startedAt) }
      return resultOf(await server.mutate(startRideMutation, { input }))
    }
    case 'upload': {
      const input = {
        rideId,
        uploadId: step.id,
        positions: taken(step.from, step.count).map(({ at, ...measured }) => ({
          at: instant(at),
          ...measured,
        })),
      }
      return resultOf(await server.mutate(recordPositionsMutation, { input }))
    }
    case 'pause':
      return resultOf(await server.mutate(pauseRideMutation, commandAt(rideId, step)))
    case 'resume':
      return resultOf(await server.mutate(resumeRideMutation, commandAt(rideId, step)))
    case 'end':
      return resultOf(await server.mutate(endRideMutation, commandAt(rideId, step)))
    default:
      return step satisfies never
  }
}

function commandAt(rideId: string, { id, at }: { readonly id: string; readonly at: number | null }) {
  return { input: { rideId, commandId: id, at: at === null ? null : instant(at) } }
}

function resultOf(answer: Answer<{ result: Result }>): Answer<Result> {
  return answer.ok ? { ok: true, data: answer.data.result } : answer
}

function instant(at: number): string {
  return new Date(at).toISOString()
}
