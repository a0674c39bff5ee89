/**
 * npm run accept -- DIRECTORY [--url URL]
 *
 * Runs every recording of a directory through the whole product and holds what it shows against what the recording's device
 * says. Starts a product of its own unless told of a running one, and leaves nothing of it behind.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { complain, run, say, stoppedByCtrlC } from '#cli/process.ts'
import { readRecording } from '#recordings/read/read.ts'
import { totalsOf } from '#recordings/totals/read-totals.ts'
import { recordingsIn } from './directory.ts'
import { heldIn } from './held.ts'
import { judge, sumOf } from './judge.ts'
import { readOptions, usage } from './options.ts'
import { startOwnProduct } from './own-product.ts'
import { isReady, openRoad, type Road } from './road.ts'
import { isWithin, type Row, tableOf } from './table.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage, 0)
  if (read.outcome === 'mistake') return complain(`${read.message}\n\n${usage}`, 2)
  const { directory, url } = read.options
  const listing = await recordingsIn(directory)
  if (listing.outcome === 'mistake') return complain(listing.message, 2)
  if (url !== undefined && !(await isReady(url))) {
    return complain(`No Slipstream answers at ${url.href}. Start it with: npm start. Or leave --url out.`, 2)
  }
  if (listing.skipped.length > 0) tell(`Skipped, for they are no recordings: ${listing.skipped.join(', ')}`)

  const stop = stoppedByCtrlC(() => tell('Stopping; Ctrl-C again leaves at once'))
  process.once('SIGTERM', () => process.emit('SIGINT'))
  await using opening = new AsyncDisposableStack()
  let place = url
  if (place === undefined) {
    tell('Starting Slipstream on a database of its own …')
    const own = await startOwnProduct(process.env['DATABASE_URL'])
    if (typeof own === 'string') return complain(own, 2)
    place = opening.use(own).url
  }
  const road = opening.use(openRoad(place))
  const rows: Row[] = []
  for (const [index, name] of listing.recordings.entries()) {
    if (stop.aborted) return 130
    tell(`${index + 1} of ${listing.recordings.length}  ${name}`)
    rows.push(await rowOf(join(directory, name), name, road, stop))
  }
  if (stop.aborted) return 130
  say(tableOf(rows, { isTerminal: process.stdout.isTTY }))
  return rows.every(isWithin) ? 0 : 1
}

/** Beside the table, so that this can be kept in a file by itself. */
function tell(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function rowOf(file: string, name: string, road: Road, stop: AbortSignal): Promise<Row> {
  const bytes = await readFile(file)
  // The service has the first word: whether it refuses what is no recording is part of what is asked.
  const arrival = await road.take(bytes, stop)
  if (arrival.outcome === 'refused') return { name, result: arrival }
  const [read, totals] = [await readRecording(bytes), await totalsOf(bytes)]
  if (read.outcome === 'refused') return { name, result: read }
  const held = heldIn(read.recording, sumOf(read.leftOut))
  return { name, result: { outcome: 'judged', lines: judge(arrival.shown, totals, held) } }
}

await run(main)
