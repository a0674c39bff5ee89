/**
 * A worker that is stopped (a machine that swaps, a debugger, a frozen container) in the middle of its transaction, for
 * longer than an idle transaction is left alone. Writers must not wait for it, and what it holds must be let go.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '../support/eventually.ts'
import { query } from './database-directly.ts'
import type { Scene } from './faults.ts'

/** Longer than the ten seconds after which an idle transaction is ended. */
const stoppedForMs = 12_000
/** So long may all writers together be without an acknowledgement, on a busy machine too. */
const longestSilenceMs = 2_000
const answerDelayMs = 150
/** About what a batch of a projection takes with answers that slow. */
const longestTransactionMs = 2_500
const settledWithinMs = 60_000

export async function stopWorker({ cluster, fleet, ledger, random }: Scene): Promise<void> {
  const worker = fleet.workers[Math.floor(fleet.workers.length * random())]!
  const acknowledged = () => ledger.counts.get('acknowledged') ?? 0
  const before = acknowledged()
  await eventually(
    'all to run and writers to go on',
    () => fleet.all.every((instance) => instance.isUp()) && acknowledged() > before + 20,
    { withinMs: settledWithinMs },
  )

  // Slow answers make its transactions long, and it is stopped at any place inside one.
  worker.network.delay(answerDelayMs)
  const ageMs = Math.round(longestTransactionMs * random())
  const inside = await eventually(
    'a long transaction',
    async () => Number((await query(cluster.url, transactionsOlderThan, [ageMs]))[0]?.['count']) > 0,
    { withinMs: 5_000 },
  ).catch(() => false)
  if (inside) ledger.count('stops inside a transaction')
  worker.freeze()
  worker.network.pass()
  ledger.count('stops of worker')
  try {
    const silence = await longestSilence(acknowledged)
    const longest = ledger.counts.get(silenceMs) ?? 0
    ledger.counts.set(silenceMs, Math.max(longest, Math.round(silence)))
    if (silence > longestSilenceMs) {
      ledger.find(
        'stalled',
        `No writer was answered for ${Math.round(silence)} ms while a worker was stopped`,
      )
    }
    const [held] = await query(cluster.url, idleForLong)
    if (held?.['count'] !== 0) ledger.find('stalled', 'A stopped worker still holds its transaction')
  } finally {
    worker.thaw()
  }

  /** Milliseconds between two acknowledgements. */
  async function longestSilence(count: () => number): Promise<number> {
    const until = performance.now() + stoppedForMs
    let [seen, since, longest] = [count(), performance.now(), 0]
    while (performance.now() < until) {
      await pause(20)
      const now = performance.now()
      longest = Math.max(longest, now - since)
      if (count() > seen) [seen, since] = [count(), now]
    }
    return longest
  }
}

export const silenceMs = 'longest silence of writers while a worker was stopped, ms'

const ofTheProduct = `select count(*) from pg_stat_activity where application_name = 'slipstream'`
const transactionsOlderThan = `${ofTheProduct} and clock_timestamp() - xact_start > $1 * interval '1 ms'`
const idleForLong = `${ofTheProduct} and state = 'idle in transaction' and state_change < now() - interval '11 s'`
