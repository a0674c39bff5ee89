/**
 * `npm run doctor`: looks whether all is as it should be, and says what to do where it is not. Here the parts are put together with
 * the process. Exit codes: 0 nothing is wrong, 1 something is, 2 wrong arguments.
 */
import { examine } from './doctor/examine.ts'
import { askMapbox } from './doctor/mapbox.ts'
import { readOptions, usage } from './doctor/options.ts'
import { isWell, reportJson, reportText } from './doctor/report.ts'
import { askCollector } from './doctor/watching.ts'
import { complain, run, say } from './process.ts'

async function main(): Promise<number> {
  const read = readOptions(process.argv.slice(2))
  if (read.outcome === 'help') return say(usage)
  if (read.outcome === 'mistake') return complain(`${read.message}\nSee: npm run doctor -- --help`, 2)
  const { options } = read
  const findings = await examine(process.env, { options, now: Date.now, askMapbox, askCollector })
  return say(options.json ? reportJson(findings) : reportText(findings), isWell(findings) ? 0 : 1)
}

await run(main)
