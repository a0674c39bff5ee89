/** What it costs to be looked at: the same mutations without, and with one of a hundred traced and metrics asked for every second; and all traced. */
import { openCollector } from '../telemetry/collector.ts'
import type { Means } from './measurement.ts'
import { type Figures, inTurn, type Turn } from './rounds.ts'
import { type Service, startService } from './service.ts'
import { write } from './writes.ts'

const scrapeEveryMs = 1_000

/** `observation.plain|sampled|traced . perSecond|p99|apiCpuUs`. */
export async function measureObservation({ postgres, rounds, quick, say }: Means): Promise<Figures> {
  const seconds = quick ? 2 : 5
  await using opening = new AsyncDisposableStack()
  const collector = opening.use(await openCollector())
  const traced = (share: string) => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: share,
    }
    return { apiEnv: env, workerEnv: env }
  }
  const start = async (options: Parameters<typeof startService>[2]) =>
    opening.use(await startService(postgres, ['api', 'worker'], options))
  const plain = await start({})
  const sampled = await start(traced('0.01'))
  const all = await start(traced('1'))
  const turns: Turn[] = [
    { name: 'unobserved', take: () => write('plain', plain, seconds, 'observation') },
    {
      name: 'one of a hundred traced, metrics asked for every second',
      take: () => whileScraped(sampled, () => write('sampled', sampled, seconds, 'observation')),
    },
    { name: 'all traced', take: () => write('traced', all, seconds, 'observation') },
  ]
  // What is open is closed on return.
  return await inTurn(rounds, turns, say)
}

async function whileScraped(service: Service, work: () => Promise<Figures>): Promise<Figures> {
  const asking = setInterval(() => {
    fetch(service.metricsUrl)
      .then((response) => response.text())
      .catch(() => undefined)
  }, scrapeEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(asking)
  }
}
