import { type Dashboard, quantiles } from './panel.ts'

export const writeRoad: Dashboard = {
  uid: 'write-road',
  title: 'write road',
  description: 'From a command to the log: what comes, how long it takes, and what waits.',
  rows: [
    {
      title: 'Commands',
      panels: [
        {
          title: 'Commands',
          description: 'By what they are. finishRide is the system’s own.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (command) (rate(slipstream_commands_total[$__rate_interval]))',
              legend: '{{command}}',
            },
          ],
        },
        {
          title: 'What became of them',
          description:
            'A refused command is one that the ride’s state does not allow; overloaded ones are sent again.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (outcome) (rate(slipstream_commands_total[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'From a command to its answer',
          description: 'Deciding, waiting for the commit before, and the commit.',
          unit: 's',
          queries: quantiles('slipstream_command_duration_seconds'),
        },
        {
          title: 'Positions recorded',
          description: 'Of uploads that were accepted.',
          unit: 'ops',
          queries: [
            { expr: 'sum(rate(slipstream_positions_recorded_total[$__rate_interval]))', legend: 'positions' },
          ],
        },
      ],
    },
    {
      title: 'The log',
      panels: [
        {
          title: 'Head',
          description: 'The newest position of each partition.',
          unit: 'short',
          queries: [
            { expr: 'max by (partition) (slipstream_log_head_position)', legend: 'partition {{partition}}' },
          ],
        },
        {
          title: 'Commits',
          description: 'Groups of events, by what became of them.',
          unit: 'ops',
          queries: [
            {
              expr: 'sum by (outcome) (rate(slipstream_log_commits_total[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
        },
        {
          title: 'A commit',
          description: 'What the database takes for one, with the way there and back.',
          unit: 's',
          queries: quantiles('slipstream_log_commit_duration_seconds'),
        },
        {
          title: 'Events in a commit',
          description: 'Larger groups under load: that is how more is written than there are commits.',
          unit: 'short',
          queries: quantiles('slipstream_log_group_events'),
        },
        {
          title: 'What waits',
          description: 'At 64 MiB of either, commands are refused (OVERLOADED).',
          unit: 'bytes',
          queries: [
            { expr: 'slipstream_command_queue_bytes', legend: '{{instance}} commands' },
            { expr: 'slipstream_log_queue_bytes', legend: '{{instance}} appends' },
          ],
        },
      ],
    },
  ],
}
