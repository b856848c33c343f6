import { type Dashboard, graph, heading, number, quantile, query } from './panel';

const here = 'namespace=~"$namespace"';
const api = `${here},service=~"auth|upload|transcode|catalog|analytics",route!~"/internal/.*"`;

/** Is all well? What people notice first, what causes it below. */
export const platform: Dashboard = {
  name: 'platform',
  title: 'Platform',
  description: 'What people notice of all services, and how much of the month’s error budgets is being used.',
  panels: [
    heading('Objectives'),
    number('API: answers without an error, 1 h', query(`1 - max(kinora:api_errors:ratio_rate1h{${here}})`), {
      unit: 'percentunit',
      description: 'Objective: 99.9 %',
    }),
    number('Media delivered, 1 h', query(`1 - max(kinora:delivery_errors:ratio_rate1h{${here}})`), {
      unit: 'percentunit',
      description: 'Objective: 99.9 %. Empty where CloudFront delivers',
    }),
    number('Playback without failure, 1 h', query(`1 - max(kinora:playback_failures:ratio_rate1h{${here}})`), {
      unit: 'percentunit',
      description: 'Objective: 99 %',
    }),
    number(
      'From upload to playable, nine in ten, 1 h',
      query(`histogram_quantile(0.9, sum by (le) (rate(encoding_playable_seconds_bucket{${here}}[1h])))`),
      { unit: 's' },
    ),
    graph(
      'Budget burned: API',
      [
        query(`kinora:api_errors:ratio_rate5m{${here}} / 0.001`, '{{namespace}} 5 min'),
        query(`kinora:api_errors:ratio_rate1h{${here}} / 0.001`, '{{namespace}} 1 h'),
        query(`kinora:api_errors:ratio_rate6h{${here}} / 0.001`, '{{namespace}} 6 h'),
      ],
      { description: '1: the month’s budget lasts for the month. An alert goes out at 14.4 over an hour, 6 over six' },
    ),
    graph('Budget burned: delivery', [
      query(`kinora:delivery_errors:ratio_rate5m{${here}} / 0.001`, '{{namespace}} 5 min'),
      query(`kinora:delivery_errors:ratio_rate1h{${here}} / 0.001`, '{{namespace}} 1 h'),
      query(`kinora:delivery_errors:ratio_rate6h{${here}} / 0.001`, '{{namespace}} 6 h'),
    ]),
    heading('Traffic'),
    graph(
      'Requests of the API',
      query(`sum by (service) (rate(http_request_duration_seconds_count{${api}}[$__rate_interval]))`, '{{service}}'),
      { unit: 'reqps' },
    ),
    graph(
      'Server errors of the API',
      query(
        `sum by (service) (rate(http_request_duration_seconds_count{${api},status="5xx"}[$__rate_interval]))`,
        '{{service}}',
      ),
      { unit: 'reqps' },
    ),
    graph(
      'Slowest in twenty, by service',
      query(quantile(0.95, 'http_request_duration_seconds', api, ['service']), '{{service}}'),
      {
        unit: 's',
      },
    ),
    graph('Media sent', query(`sum by (kind) (rate(edge_sent_bytes_total{${here}}[$__rate_interval]))`, '{{kind}}'), {
      unit: 'Bps',
    }),
    heading('Processes'),
    graph('Processes', query(`count by (service) (process_start_time_seconds{${here}})`, '{{service}}')),
    graph('Restarts', query(`sum by (service) (changes(process_start_time_seconds{${here}}[1h]))`, '{{service}}')),
    graph('Memory', query(`sum by (service) (process_resident_memory_bytes{${here}})`, '{{service}}'), {
      unit: 'bytes',
    }),
    graph(
      'Processors',
      query(`sum by (service) (rate(process_cpu_seconds_total{${here}}[$__rate_interval]))`, '{{service}}'),
    ),
  ],
};
