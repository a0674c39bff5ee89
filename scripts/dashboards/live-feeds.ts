import type { Dashboard } from './panel.ts'

export const liveFeeds: Dashboard = {
  uid: 'live-feeds',
  title: 'live feeds',
  description: 'Who watches, what he is sent, and what waits for him.',
  rows: [
    {
      title: 'Who watches',
      panels: [
        {
          title: 'WebSockets',
          description: 'Open ones, by process. After a restart they come back within a minute.',
          unit: 'short',
          queries: [{ expr: 'slipstream_sockets', legend: '{{instance}}' }],
        },
        {
          title: 'Subscriptions',
          description: 'By the field that they ask for, over WebSockets and server-sent events.',
          unit: 'short',
          queries: [{ expr: 'sum by (field) (slipstream_subscriptions)', legend: '{{field}}' }],
        },
        {
          title: 'Rides that are watched',
          description: 'Only of these a process reads what others append with its data.',
          unit: 'short',
          queries: [{ expr: 'slipstream_watched_rides', legend: '{{instance}}' }],
        },
      ],
    },
    {
      title: 'What is sent',
      panels: [
        {
          title: 'Messages',
          description: 'Over WebSockets; and those among them that were made before, for another subscriber.',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(slipstream_frames_sent_total[$__rate_interval]))', legend: 'sent' },
            { expr: 'sum(rate(slipstream_frames_shared_total[$__rate_interval]))', legend: 'shared' },
          ],
        },
        {
          title: 'Shared',
          description: 'Of what is sent. Many who watch the same ride bring it near one.',
          unit: 'percentunit',
          queries: [
            {
              expr: 'sum(rate(slipstream_frames_shared_total[$__rate_interval])) / sum(rate(slipstream_frames_sent_total[$__rate_interval]))',
              legend: 'shared',
            },
          ],
        },
      ],
    },
    {
      title: 'What waits',
      panels: [
        {
          title: 'Buffered for sockets',
          description:
            'At most about 1 MiB each: a slow client is sent nothing more until it has taken that.',
          unit: 'bytes',
          queries: [{ expr: 'slipstream_sockets_buffered_bytes', legend: '{{instance}}' }],
        },
        {
          title: 'Slow clients',
          description:
            'Sockets that are sent nothing for now. One that takes nothing for a minute is closed.',
          unit: 'short',
          queries: [{ expr: 'slipstream_sockets_full', legend: '{{instance}}' }],
        },
      ],
    },
  ],
}
