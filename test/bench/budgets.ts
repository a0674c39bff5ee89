/** The budgets, and how the figures of a run stand to them. */
import type { Figures } from './rounds.ts'

export type Unit = '/s' | 'ms' | 'B' | 'KiB' | 'µs'
export type Verdict = 'holds' | 'fails' | 'not judged'

export interface Row {
  readonly work: string
  readonly unit: Unit
  readonly project: number
  /** With whom it is compared; undefined where the bound is a number of its own. */
  readonly other: { readonly name: string; readonly value: number } | undefined
  /** The project's figure for one of the other's. */
  readonly ratio: number | undefined
  readonly budget: Budget | undefined
  readonly verdict: Verdict
}

export interface Budget {
  readonly is: 'at least' | 'at most'
  /** A ratio where somebody is compared with, else a figure in the row's unit. */
  readonly bound: number
}

interface Line {
  readonly work: string
  readonly unit: Unit
  readonly figure: string
  readonly against?: { readonly name: string; readonly figure: string }
  readonly budget?: Budget
}

const atLeast = (bound: number): Budget => ({ is: 'at least', bound })
const atMost = (bound: number): Budget => ({ is: 'at most', bound })

const mercurius = 'Mercurius + pg'
const postgraphile = 'PostGraphile 5'
const emmett = "Emmett's store"

const lines: readonly Line[] = [
  ...(
    [
      [mercurius, 'mercurius', 2],
      [postgraphile, 'postgraphile', 4],
      [emmett, 'emmett', 4],
    ] as const
  ).flatMap(([name, key, times]): Line[] => [
    {
      work: 'single-position mutations, HTTP, 64 connections',
      unit: '/s',
      figure: 'writes.project.perSecond',
      against: { name, figure: `writes.${key}.perSecond` },
      budget: atLeast(times),
    },
    {
      work: 'single-position mutations, HTTP, 64 connections, p99',
      unit: 'ms',
      figure: 'writes.project.p99',
      against: { name, figure: `writes.${key}.p99` },
      budget: atMost(1),
    },
  ]),
  {
    work: 'single-position mutations, ROLE=all',
    unit: '/s',
    figure: 'writes.all.perSecond',
    against: { name: mercurius, figure: 'writes.mercurius.perSecond' },
  },
  {
    work: 'single-position mutations',
    unit: '/s',
    figure: 'writes.project.perSecond',
    against: { name: 'bare grouped INSERT', figure: 'writes.bare.perSecond' },
  },
  {
    work: 'positions in uploads of 100',
    unit: '/s',
    figure: 'batches.project.positionsPerSecond',
    against: { name: `${emmett}, batches of 100`, figure: 'batches.emmett.positionsPerSecond' },
    budget: atLeast(2),
  },
  {
    work: 'positions in uploads of 100',
    unit: '/s',
    figure: 'batches.project.positionsPerSecond',
    against: { name: 'bare grouped INSERT, a row a position', figure: 'batches.bareRows.positionsPerSecond' },
    budget: atLeast(0.5),
  },
  {
    work: 'positions in uploads of 100',
    unit: '/s',
    figure: 'batches.project.positionsPerSecond',
    against: { name: 'bare grouped INSERT, a row an upload', figure: 'batches.bare.positionsPerSecond' },
  },
  {
    work: 'one ride, 500 subscribers: messages',
    unit: '/s',
    figure: 'fanout.project.perSecond',
    against: { name: 'bare ws, one prepared frame', figure: 'fanout.ws.perSecond' },
    budget: atLeast(0.7),
  },
  {
    work: 'one ride, 500 subscribers: messages',
    unit: '/s',
    figure: 'fanout.project.perSecond',
    against: { name: 'graphql-ws with pub/sub', figure: 'fanout.graphql-ws.perSecond' },
    budget: atLeast(3),
  },
  {
    work: 'mutation sent → 500 subscribers have it, at half the load that must be reached, p99',
    unit: 'ms',
    figure: 'fanout.project.p99',
    budget: atMost(50),
  },
  {
    work: 'RideEnded answered → FINISHED seen, one hour at 1 Hz, p50',
    unit: 'ms',
    figure: 'finish.1h.p50',
    budget: atMost(50),
  },
  {
    work: 'RideEnded answered → FINISHED seen, one hour at 1 Hz, p99',
    unit: 'ms',
    figure: 'finish.1h.p99',
    budget: atMost(150),
  },
  {
    work: 'RideEnded answered → FINISHED seen, one hour at 1 Hz, ROLE=all, p99',
    unit: 'ms',
    figure: 'finish.all.1h.p99',
  },
  {
    work: 'RideEnded answered → FINISHED seen, ten hours, longest',
    unit: 'ms',
    figure: 'finish.10h.most',
    budget: atMost(500),
  },
  {
    work: 'rebuild of all read tables: positions',
    unit: '/s',
    figure: 'rebuild.positionsPerSecond',
    budget: atLeast(200_000),
  },
  {
    work: 'history page: 20 rides with rider, statistics, thumbnail route',
    unit: '/s',
    figure: 'history.project.perSecond',
    against: { name: `${postgraphile}, same rows`, figure: 'history.postgraphile.perSecond' },
    budget: atLeast(1.5),
  },
  {
    work: 'a position in the log, uploads of 60, indexes included',
    unit: 'B',
    figure: 'bytes.position',
    budget: atMost(64),
  },
  {
    work: 'resident memory an idle subscription, beyond a bare ws socket',
    unit: 'KiB',
    figure: 'memory.subscriptionKiB',
    budget: atMost(8),
  },
  {
    work: 'single-position mutations, one of a hundred traced, metrics asked for every second',
    unit: '/s',
    figure: 'observation.sampled.perSecond',
    against: { name: 'the same, unobserved', figure: 'observation.plain.perSecond' },
    budget: atLeast(0.95),
  },
  {
    work: 'single-position mutations, all traced',
    unit: '/s',
    figure: 'observation.traced.perSecond',
    against: { name: 'the same, unobserved', figure: 'observation.plain.perSecond' },
  },
]

/** Of what was measured. What nobody was there to be compared with is shown once, and not judged. */
export function rowsOf(figures: Figures): Row[] {
  const alone = new Set<string>()
  return lines.flatMap(({ work, unit, figure, against, budget }): Row[] => {
    const project = figures[figure]
    if (project === undefined) return []
    const value = against && figures[against.figure]
    const other = against && value !== undefined ? { name: against.name, value } : undefined
    if (against !== undefined && other === undefined) {
      if (alone.has(figure) || isCompared(figure, figures)) return []
      alone.add(figure)
      return [{ work, unit, project, other, ratio: undefined, budget: undefined, verdict: 'not judged' }]
    }
    const ratio = other && project / other.value
    const verdict = budget === undefined ? 'not judged' : judge(ratio ?? project, budget)
    return [{ work, unit, project, other, ratio, budget, verdict }]
  })
}

function isCompared(figure: string, figures: Figures): boolean {
  return lines.some((line) => line.figure === figure && line.against && line.against.figure in figures)
}

function judge(value: number, { is, bound }: Budget): Verdict {
  return (is === 'at least' ? value >= bound : value <= bound) ? 'holds' : 'fails'
}

/** The budgets that these figures say nothing of, for nobody was measured to compare with. */
export function unjudged(figures: Figures): string[] {
  const missing = lines.filter(
    ({ figure, against, budget }) =>
      budget !== undefined &&
      figures[figure] !== undefined &&
      against &&
      figures[against.figure] === undefined,
  )
  return [...new Set(missing.map(({ against }) => against!.name))]
}
