/** Riders who ride at full load until they are told to stop, and a memory of what they sent, so that it can be sent again. */
import { type Random, randomFrom } from '#recordings/simulate/simulate-random.ts'
import { type Acknowledged, keyOf, type Ledger, openLedger } from '../faults/ledger.ts'
import { ride } from '../faults/rider.ts'
import { type Command, createSender, type Sender } from '../faults/sender.ts'

export interface Load {
  readonly ledger: Ledger
  /** For more that is to be answered for. */
  readonly sender: Sender
  /** What was answered, by the ids of ride and event; as it was sent. */
  readonly sent: ReadonlyMap<string, Command>
  /** What is acknowledged at this moment. */
  acknowledged(): Map<string, Acknowledged>
  /** Resolves when all rides are over. */
  stop(): Promise<void>
}

const toEndMs = 60_000

export function startLoad(urls: readonly string[], riders: number, seed: number): Load {
  const ledger = openLedger()
  const sent = new Map<string, Command>()
  const closing = new AbortController()
  const hopeless = new AbortController()
  let drawn = 0
  const randoms = (): Random => randomFrom(Math.imul(seed, 1_000_003) + drawn++)
  const riding = Array.from({ length: riders }, async () => {
    const sender = createSender({ urls, ledger, random: randoms(), signal: hopeless.signal })
    const remembering = {
      async send(command: Command) {
        await sender.send(command)
        if (command.refusedWith === undefined) sent.set(keyOf(command.rideId, command.eventId), command)
      },
    }
    const means = { sender: remembering, ledger, random: randoms(), closing: closing.signal }
    await ride({ ...means, started: () => undefined }).catch((error: unknown) => {
      ledger.find('broken', `A rider gave up: ${error instanceof Error ? error.message : error}`)
    })
  })
  return {
    ledger,
    sender: createSender({ urls, ledger, random: randoms(), signal: hopeless.signal }),
    sent,
    acknowledged: () => new Map(ledger.acknowledged),
    async stop() {
      closing.abort()
      const giveUp = setTimeout(() => hopeless.abort(), toEndMs)
      await Promise.all(riding)
      clearTimeout(giveUp)
    },
  }
}
