import { type Dashboard, quantiles } from './panel.ts'

export const projections: Dashboard = {
  uid: 'projections',
  title: 'projections',
  description:
    'From the log to what is read: how far behind, how fast, and what stands in the way; and webhooks.',
  rows: [
    {
      title: 'How far they are',
      panels: [
        {
          title: 'Behind, in time',
          description: 'Since the first event was recorded that it has not come past.',
          unit: 's',
          queries: [
            {
              expr: 'max by (projection, version, state, partition) (slipstream_projection_lag_seconds)',
              legend: '{{projection}} {{version}} {{state}} {{partition}}',
            },
          ],
        },
        {
          title: 'Behind, in events',
          description: 'A version that is being built begins with the whole log.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (projection, version, state, partition) (slipstream_projection_lag_events)',
              legend: '{{projection}} {{version}} {{state}} {{partition}}',
            },
          ],
        },
        {
          title: 'Position',
          description: 'Up to where each has come.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (projection, version, state, partition) (slipstream_projection_position)',
              legend: '{{projection}} {{version}} {{state}} {{partition}}',
            },
          ],
        },
      ],
    },
    {
      title: 'How they work',
      panels: [
        {
          title: 'Events applied',
          description: 'By all workers together.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (projection) (rate(slipstream_projection_events_applied_total[$__rate_interval]))',
              legend: '{{projection}}',
            },
          ],
        },
        {
          title: 'A batch',
          description: 'From taking a checkpoint to having moved it.',
          unit: 's',
          queries: quantiles('slipstream_projection_batch_duration_seconds', ['projection']),
        },
        {
          title: 'Parked rides, and batches that failed',
          description: 'A ride that fails three times by itself is parked; the others go on.',
          unit: 'short',
          queries: [
            {
              expr: 'max by (projection, version) (slipstream_projection_parked_rides)',
              legend: 'parked in {{projection}} {{version}}',
            },
            {
              expr: 'sum by (projection) (increase(slipstream_projection_faults_total[$__rate_interval]))',
              legend: 'failed in {{projection}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Webhooks',
      panels: [
        {
          title: 'Attempts',
          description: 'By what became of them: DELIVERED, or why not.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (outcome) (rate(slipstream_webhook_attempt_duration_seconds_count[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'How long receivers take',
          description: 'After ten seconds an attempt is given up.',
          unit: 's',
          queries: quantiles('slipstream_webhook_attempt_duration_seconds'),
        },
        {
          title: 'Overdue',
          description: 'Should have been sent a minute ago: no worker sends, or there are too few.',
          unit: 'short',
          queries: [{ expr: 'max(slipstream_database_webhooks_overdue)', legend: 'overdue' }],
        },
      ],
    },
  ],
}
