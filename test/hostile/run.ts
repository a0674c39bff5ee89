/** npm run hostile -- --help */
import { complain, run, say } from '#cli/process.ts'
import { startOwnProduct } from '../acceptance/own-product.ts'
import { attackedEnv, isTooSlow, runHostile } from './hostile-run.ts'
import { readOptions, usage } from './options.ts'
import { findsOf, tableOf } from './table.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2), Math.random())
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const { seed, only, scale, quick } = read.options
  // What was started ends with the process.
  process.on('SIGINT', () => process.exit(130))
  process.on('SIGTERM', () => process.exit(143))
  const server = process.env['DATABASE_URL'] || process.env['TEST_DATABASE_URL']
  say(`Seed ${seed}. Starting a Slipstream on ${server ? 'a database of its own' : 'an embedded database'} …`)
  const own = await startOwnProduct(server, attackedEnv)
  if (typeof own === 'string') return complain(own, 2)
  await using _own = own
  const report = await runHostile({
    ...{ product: own.product, seed, only, scale },
    calmMs: quick ? 1_000 : 10_000,
    onAttack: ({ attack, sent, seconds, findings }) =>
      say(`${attack}: ${sent} sent in ${seconds.toFixed(1)} s, ${findings.length} finds`),
  })
  const finds = findsOf(report)
  if (finds !== '') say(`\n${finds}`)
  say(`\n${tableOf(report)}`)
  const holds = report.rows.every((row) => row.findings.length === 0 && (quick || !isTooSlow(row)))
  return holds ? 0 : 1
}

await run(main)
