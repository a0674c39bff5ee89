import { type Dashboard, quantiles } from './panel.ts'

export const overview: Dashboard = {
  uid: 'overview',
  title: 'overview',
  description: 'Whether it works, at a glance. Begin here when somebody says that it does not.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Processes that answer',
          description: 'Of those that Prometheus knows of.',
          type: 'stat',
          unit: 'short',
          queries: [{ expr: 'sum(up{job="slipstream"})', legend: 'up' }],
        },
        {
          title: 'Database',
          description: '1 while every process reaches it.',
          type: 'stat',
          unit: 'short',
          queries: [{ expr: 'min(slipstream_database_available)', legend: 'available' }],
        },
        {
          title: 'Events a second',
          description: "How fast the log grows: its newest position, and nobody's guess.",
          type: 'stat',
          unit: 'ops',
          queries: [
            {
              expr: 'sum(max by (partition) (deriv(slipstream_log_head_position[1m])))',
              legend: 'events',
            },
          ],
        },
        {
          title: 'Projections behind',
          description: 'The furthest of those that are read. Below a second is right.',
          type: 'stat',
          unit: 's',
          thresholds: [5, 30],
          queries: [{ expr: 'max(slipstream_projection_lag_seconds{state="serving"})', legend: 'behind' }],
        },
        {
          title: 'Parked rides',
          description: 'They wait for somebody to look: npm run projections -- parked.',
          type: 'stat',
          unit: 'short',
          thresholds: [1, 10],
          queries: [
            {
              expr: 'sum(max by (projection) (slipstream_projection_parked_rides{state="serving"}))',
              legend: 'parked',
            },
          ],
        },
        {
          title: 'Watching',
          description: 'WebSockets that are open, in all processes.',
          type: 'stat',
          unit: 'short',
          queries: [{ expr: 'sum(slipstream_sockets)', legend: 'sockets' }],
        },
      ],
    },
    {
      title: 'What is asked',
      panels: [
        {
          title: 'Operations',
          description: 'GraphQL operations that were answered, by their type.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (type) (rate(slipstream_operations_total[$__rate_interval]))',
              legend: '{{type}}',
            },
          ],
        },
        {
          title: 'How long they take',
          description: 'To execute them, without reading the request and writing the answer.',
          unit: 's',
          queries: quantiles('slipstream_operation_duration_seconds', ['type']),
        },
        {
          title: 'Refused',
          description:
            'OVERLOADED and TIMED_OUT are ours to mend; the others are of clients that ask too much or are not let in.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (code) (rate(slipstream_refusals_total[$__rate_interval]))',
              legend: '{{code}}',
            },
          ],
        },
      ],
    },
    {
      title: 'The processes',
      panels: [
        {
          title: 'Processor',
          description: 'Of one core each. JavaScript runs on one; measuring rides takes others.',
          unit: 'percentunit',
          queries: [
            {
              expr: 'rate(process_cpu_seconds_total{job="slipstream"}[$__rate_interval])',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Waiting for their turn',
          description: 'The delay of the event loop, p99 between two looks. Above 0.1 s everybody feels it.',
          unit: 's',
          queries: [{ expr: 'nodejs_eventloop_lag_p99_seconds{job="slipstream"}', legend: '{{instance}}' }],
        },
        {
          title: 'Memory',
          description: 'Resident, and of that the heap that is in use.',
          unit: 'bytes',
          queries: [
            { expr: 'process_resident_memory_bytes{job="slipstream"}', legend: '{{instance}} resident' },
            { expr: 'nodejs_heap_size_used_bytes{job="slipstream"}', legend: '{{instance}} heap' },
          ],
        },
        {
          title: 'Requests over HTTP',
          description: 'By the road that they took.',
          unit: 'reqps',
          queries: [
            {
              expr: 'sum by (road) (rate(slipstream_http_requests_total[$__rate_interval]))',
              legend: '{{road}}',
            },
          ],
        },
        {
          title: 'Faults in the log',
          description: 'Each was written down by the process. None is right.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (instance) (increase(slipstream_faults_total[$__rate_interval]))',
              legend: '{{instance}}',
            },
          ],
        },
        {
          title: 'Versions that run',
          description: 'More than one only while a new one comes in.',
          unit: 'short',
          queries: [
            { expr: 'sum by (version, role) (slipstream_build_info)', legend: '{{role}} {{version}}' },
          ],
        },
      ],
    },
  ],
}
