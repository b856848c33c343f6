import { type Dashboard, graph, heading, quantile, query } from './panel';

const here = 'namespace=~"$namespace",service=~"$service"';

/** One service, from its requests down to its process. */
export const service: Dashboard = {
  name: 'service',
  title: 'Service',
  description: 'One service: its requests, what it calls, its work, its database, its process.',
  variables: [{ name: 'service', values: 'process_start_time_seconds' }],
  panels: [
    heading('Requests'),
    graph(
      'Requests',
      query(`sum by (status) (rate(http_request_duration_seconds_count{${here}}[$__rate_interval]))`, '{{status}}'),
      {
        unit: 'reqps',
      },
    ),
    graph(
      'Server errors by route',
      query(
        `sum by (method, route) (rate(http_request_duration_seconds_count{${here},status="5xx"}[$__rate_interval]))`,
        '{{method}} {{route}}',
      ),
      { unit: 'reqps' },
    ),
    graph(
      'How long requests take',
      [0.5, 0.95, 0.99].map((q) => query(quantile(q, 'http_request_duration_seconds', here), `${q * 100} %`)),
      { unit: 's' },
    ),
    graph(
      'Slowest in twenty by route',
      query(quantile(0.95, 'http_request_duration_seconds', here, ['method', 'route']), '{{method}} {{route}}'),
      { unit: 's' },
    ),
    heading('What it calls'),
    graph(
      'Failed calls',
      query(
        `sum by (dependency, operation) (rate(dependency_duration_seconds_count{${here},outcome="error"}[$__rate_interval]))`,
        '{{dependency}} {{operation}}',
      ),
      { unit: 'reqps' },
    ),
    graph(
      'Slowest in twenty by dependency',
      query(quantile(0.95, 'dependency_duration_seconds', here, ['dependency']), '{{dependency}}'),
      { unit: 's' },
    ),
    heading('Jobs and events'),
    graph(
      'Processed',
      query(
        `sum by (job, outcome) (rate(job_duration_seconds_count{${here}}[$__rate_interval]))`,
        '{{job}} {{outcome}}',
      ),
      { unit: 'ops' },
    ),
    graph('Slowest in twenty', query(quantile(0.95, 'job_duration_seconds', here, ['job']), '{{job}}'), { unit: 's' }),
    heading('Database'),
    graph('Connections', [
      query(`sum by (pool, state) (database_connections{${here}})`, '{{pool}} {{state}}'),
      query(`sum by (pool) (database_connections_max{${here}})`, '{{pool}} at most'),
    ]),
    graph(
      'Refused a connection',
      query(`sum by (pool) (increase(database_acquire_failures_total{${here}}[$__rate_interval]))`, '{{pool}}'),
    ),
    graph('Events in the outbox', query(`max by (service) (outbox_events{${here}})`, 'waiting')),
    graph('Oldest event in the outbox', query(`max by (service) (outbox_oldest_seconds{${here}})`, 'age'), {
      unit: 's',
    }),
    heading('Process'),
    graph(
      'Memory',
      [
        query(`process_resident_memory_bytes{${here}}`, '{{instance}} resident'),
        query(`nodejs_heap_size_used_bytes{${here}}`, '{{instance}} heap'),
      ],
      { unit: 'bytes' },
    ),
    graph('Processors', query(`rate(process_cpu_seconds_total{${here}}[$__rate_interval])`, '{{instance}}')),
    graph('Event loop late by, 99 %', query(`nodejs_eventloop_lag_p99_seconds{${here}}`, '{{instance}}'), {
      unit: 's',
    }),
    graph(
      'Garbage collection',
      query(`sum by (kind) (rate(nodejs_gc_duration_seconds_sum{${here}}[$__rate_interval]))`, '{{kind}}'),
      { unit: 'percentunit' },
    ),
    graph('Open files', query(`process_open_fds{${here}}`, '{{instance}}')),
  ],
};
