/** A dashboard as Grafana is provisioned with it, of panels that say what they show and no more. */

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly rows: readonly Row[]
}

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

export interface Panel {
  readonly title: string
  /** What it means, and what is right. */
  readonly description: string
  readonly unit: Unit
  readonly queries: readonly Query[]
  /** `stat`: the newest value alone. */
  readonly type?: 'timeseries' | 'stat'
  /** Of a `stat`: from where on it is drawn as a warning, and as an alarm. */
  readonly thresholds?: readonly [warning: number, alarm: number]
}

export interface Query {
  readonly expr: string
  /** What stands beside its line: words, and labels in double braces. */
  readonly legend: string
}

/** As Grafana calls them. */
export type Unit = 's' | 'bytes' | 'short' | 'ops' | 'percentunit' | 'reqps' | 'Bps'

const source = { type: 'prometheus', uid: 'prometheus' } as const
const columns = 24
const tall = 8
const small = 4

/** As text, the same each time. */
export function dashboardJson({ uid, title, description, rows }: Dashboard): string {
  const panels: object[] = []
  let y = 0
  for (const row of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    })
    y += 1
    const width = Math.floor(columns / Math.min(row.panels.length, mostBeside(row)))
    let x = 0
    let height = 0
    for (const panel of row.panels) {
      if (x + width > columns) {
        x = 0
        y += height
      }
      height = panel.type === 'stat' ? small : tall
      panels.push({ id: panels.length + 1, ...panelOf(panel), gridPos: { x, y, w: width, h: height } })
      x += width
    }
    y += height
  }
  const dashboard = {
    uid: `slipstream-${uid}`,
    title: `Slipstream: ${title}`,
    description,
    tags: ['slipstream'],
    timezone: 'browser',
    editable: false,
    graphTooltip: 1,
    refresh: '15s',
    time: { from: 'now-1h', to: 'now' },
    schemaVersion: 41,
    links: [
      {
        type: 'dashboards',
        title: 'Slipstream',
        tags: ['slipstream'],
        asDropdown: true,
        includeVars: false,
        keepTime: true,
      },
    ],
    annotations: { list: [] },
    templating: { list: [] },
    panels,
  }
  return `${JSON.stringify(dashboard, null, 2)}\n`
}

function mostBeside({ panels }: Row): number {
  return panels.every(({ type }) => type === 'stat') ? 6 : 3
}

function panelOf({ title, description, unit, queries, type = 'timeseries', thresholds }: Panel): object {
  const steps = thresholds && [
    { color: 'green', value: null },
    { color: 'orange', value: thresholds[0] },
    { color: 'red', value: thresholds[1] },
  ]
  return {
    type,
    title,
    description,
    datasource: source,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(type === 'timeseries' && { custom: { lineWidth: 1, fillOpacity: 8, showPoints: 'never' } }),
        ...(steps && { thresholds: { mode: 'absolute', steps }, color: { mode: 'thresholds' } }),
      },
      overrides: [],
    },
    options:
      type === 'stat'
        ? {
            reduceOptions: { calcs: ['lastNotNull'] },
            colorMode: steps ? 'background' : 'value',
            graphMode: 'area',
          }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: source,
      expr,
      legendFormat: legend,
    })),
  }
}

/** Quantiles of a histogram, over all processes, by these labels. */
export function quantiles(histogram: string, by: readonly string[] = []): Query[] {
  const labels = ['le', ...by].join(', ')
  const legend = by.map((label) => `{{${label}}} `).join('')
  return [0.5, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (${labels}) (rate(${histogram}_bucket[$__rate_interval])))`,
    legend: `${legend}p${quantile * 100}`,
  }))
}
